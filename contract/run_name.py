"""What a run is called, such as `20261125-083000-a1b2`: the second in UTC at which it began, and four more digits."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from msgspec import Meta

# Days that exist, so that every name is of a moment: months of 31, of 30, and February; the 29th in years of four.
_31 = "(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
_30 = "(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02(?:0[1-9]|1[0-9]|2[0-8])"
_DAY: Final = f"(?:[0-9][0-9](?:{_31}|{_30}|{_FEBRUARY})|(?:[02468][048]|[13579][26])0229)"
# Without anchors, as a part of other patterns.
RUN_NAME: Final = rf"20{_DAY}-(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]-[0-9a-f]{{4}}"
RunName: TypeAlias = Annotated[str, Meta(pattern=rf"^{RUN_NAME}\Z")]
