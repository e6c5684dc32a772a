"""What moto finds out anew for each request, and is the same for all of them.

It lists its own modules twice, each with a look at the disk; reads all errors of a service for each error that it
answers; looks through the methods of a handler for each action; and lets pages of other sites read each answer, which
AWS does not. A quarter of a cloud's time goes there.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from moto.core.model import ServiceModel

# A host is a service in a region; whoever calls may make them up.
_HOSTS: Final = 1024


def find_out_once() -> None:
    """From now on in this process."""
    from moto.core import errors, responses, utils
    from moto.moto_server import werkzeug_app

    known: dict[str, errors.ErrorLookup] = {}
    create = errors.ErrorLookupFactory._create_error_lut

    def error_lookup(model: ServiceModel) -> errors.ErrorLookup:
        name = str(model.metadata.get("serviceId") or model.service_name)
        if name not in known:
            known[name] = create(model)
        return known[name]

    errors.ErrorLookupFactory._create_error_lut = staticmethod(error_lookup)  # type: ignore[method-assign,assignment]
    vars(responses)["method_names_from_class"] = cache(utils.method_names_from_class)
    vars(werkzeug_app)["DISABLE_GLOBAL_CORS"] = True
    dispatcher = werkzeug_app.DomainDispatcherApplication
    dispatcher.get_backend_for_host = lru_cache(_HOSTS)(dispatcher.get_backend_for_host)  # type: ignore[method-assign]
