"""Everything that the cross-bracket decision can be tuned by."""

from __future__ import annotations

from dag import params
from lanes.weather.bracket import BracketProb
from lanes.weather.combine_gaussian import CombineGaussian
from lanes.weather.conviction_gate import ConvictionGate
from lanes.weather.metar_channel import MetarChannel
from lanes.weather.sigma_floor import SigmaFloor


@params
class CrossBracket:
    """The parameters of the lanes of one decision. `lanes.presets` has the live one and its shadow."""

    metar: MetarChannel
    floors: SigmaFloor = SigmaFloor()
    combine: CombineGaussian = CombineGaussian()
    bracket: BracketProb = BracketProb()
    gate: ConvictionGate = ConvictionGate()
