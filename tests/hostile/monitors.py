"""Programs that speak to the engine themselves, or go on when it refuses."""

from __future__ import annotations

from typing import Final

from tests.hostile.program import Hostile

_TYPE: Final = "aws:cloudwatch/dashboard:Dashboard"
_REGISTER: Final = f"""
def register(name, **named):
    inputs = struct_pb2.Struct()
    inputs.update({{"dashboardName": "d", "dashboardBody": "{{}}"}})
    request = resource_pb2.RegisterResourceRequest(
        **{{"type": "{_TYPE}", "name": name, "object": inputs, "custom": True, **named}})
    return stub().RegisterResource(request)
"""
_SWALLOW: Final = "\ncheap()\ntry:\n    {}\nexcept Exception:\n    pass\n"
_SIX: Final = "for number in range(6):\n    register(f'r{number}')\n"
_AFTER: Final = "went on after a refusal"


def _swallowed(name: str, call: str, *, quick: bool = False) -> Hostile:
    return Hostile(name, _REGISTER + _SWALLOW.format(call), (2,), _AFTER, engine=False, quick=quick)


MONITORS: Final = (
    Hostile("registers-itself", _REGISTER + _SIX, (1,), engine=False),
    _swallowed("swallows-a-doubled-name", "register('a'); register('a')", quick=True),
    _swallowed("swallows-a-remote-component", "register('a', remote=True)"),
    _swallowed("swallows-a-method", "stub().Call(resource_pb2.ResourceCallRequest(tok='aws:x:y'))"),
    _swallowed(
        "swallows-outputs-of-nobody",
        "stub().RegisterResourceOutputs(resource_pb2.RegisterResourceOutputsRequest(urn='urn:pulumi:a::b::c::d'))",
    ),
    _swallowed(
        "swallows-what-nobody-registered",
        "a = struct_pb2.Struct(); a.update({'urn': 'urn:pulumi:a::b::c::d'}); "
        "stub().Invoke(resource_pb2.ResourceInvokeRequest(tok='pulumi:pulumi:getResource', args=a))",
    ),
    Hostile(
        "sends-the-judge-elsewhere",
        _REGISTER
        + _SWALLOW.format(
            "stub().RegisterStackTransform(callback_pb2.Callback(target='192.0.2.1:9', token='t')); register('a')"
        ),
        (2,),
        "is not on this machine",
        engine=False,
    ),
    _swallowed(
        "swallows-bad-timeouts",
        "register('a', customTimeouts=resource_pb2.RegisterResourceRequest.CustomTimeouts(create='soon'))",
    ),
    Hostile(
        "raises-in-a-transform",
        """
def broken(args):
    raise ValueError("no")
try:
    cheap(opts=pulumi.ResourceOptions(transforms=[broken]))
except Exception:
    pass
cheap("other")
""",
        (2,),
    ),
    Hostile(
        "ends-early-by-itself",
        _REGISTER + "stub().SignalAndWaitForShutdown(empty_pb2.Empty())\n" + _SIX,
        (1, 2),
        engine=False,
    ),
    Hostile(
        "ends-early-and-leaves",
        """
cheap()
stub().SignalAndWaitForShutdown(empty_pb2.Empty())
dear()
os._exit(0)
""",
        (0, 1, 2),
        engine=False,
    ),
    Hostile(
        "transforms-into-something-dear",
        """
def larger(args):
    return pulumi.ResourceTransformResult({**args.props, "instanceType": "m5.24xlarge"}, args.opts)
pulumi.runtime.register_resource_transform(larger)
aws.ec2.Instance("small", ami="ami-1", instance_type="t3.micro")
""",
        (1, 2),
        quick=True,
    ),
    Hostile("names-with-separators", "dear()\ncheap('a::b')\ncheap('urn:pulumi:dev::x::y::z')", (1, 2)),
    Hostile("claims-the-unseen-stream", "dear()\npulumi.log.warn('nothing here', stream_id=1090517)", (1,)),
    Hostile(
        "another-root",
        """
dear()
engine = pulumi.runtime.settings.get_engine()
engine.SetRootResource(engine_pb2.SetRootResourceRequest(urn="urn:pulumi:other::other::pulumi:pulumi:Stack::other"))
""",
        (1,),
        engine=False,
    ),
    Hostile(
        "a-circle",
        _REGISTER
        + """
one = "urn:pulumi:hostile::hostile::aws:cloudwatch/dashboard:Dashboard::one"
two = one[:-3] + "two"
register("one", dependencies=[two])
register("two", dependencies=[one])
""",
        (2,),
        "circle",
        engine=False,
    ),
)
