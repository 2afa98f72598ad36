"""What credentials speak of, as frozen values. Every statement keeps the credential that it came from.

Identifiers are kept in their one spelling (`identifiers.canonical`); `written` members keep the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """What is known of the credential behind a statement. Only a verified one supports anything."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    BROKEN = "broken"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def counts(self) -> bool:
        """Whether what it says of goods is entered into the ledger: not where it is forged or taken back."""
        return self not in (State.BROKEN, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a credential: where it leads, what it says stands there, and where it is written."""

    url: str
    kind: str
    pointer: str
    access: str | None = None

    @property
    def protected(self) -> bool:
        """Whether it says that what it leads to is encrypted or for some readers only."""
        return self.access is not None


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One credential: who issued it, with which software, when it holds, and what is known of it."""

    name: str
    id: str
    component: str
    version: str
    issuer: str
    issuer_names: tuple[str, ...] = ()
    issued_by: str = ""
    software: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    state: State = State.UNVERIFIED
    why: str = ""
    conformant: bool = True
    links: tuple[Link, ...] = ()
    kind: str = ""
    """The name of its type, such as that of an extension."""
    profile: str = ""

    @property
    def verified(self) -> bool:
        """Whether what it says can support something."""
        return self.state is State.VERIFIED

    @property
    def told(self) -> str:
        """Its name, with its state where that is not verified."""
        return (
            self.name if self.verified else f"{self.name} ({self.state}{': ' + self.why if self.why else ''})"
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement stands."""

    source: Source
    pointer: str


@dataclass(frozen=True, slots=True)
class Party:
    """A party in a role."""

    role: str
    id: str
    name: str
    aliases: tuple[str, ...]
    country: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as it was written."""

    value: float | None
    unit: str | None
    upper: float | None = None
    lower: float | None = None

    @property
    def told(self) -> str:
        """Number and unit for people."""
        if self.value is None:
            return "no quantity"
        return f"{self.value:,g} {self.unit or '(no unit)'}"


@dataclass(frozen=True, slots=True)
class Material:
    """One material of a product or of a facility's use."""

    name: str
    fraction: float | None
    mass: Quantity | None
    recycled: float | None
    code: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion that a claim or assessment cites."""

    id: str
    name: str
    status: str | None
    written: str


@dataclass(frozen=True, slots=True)
class Value:
    """A stated performance: the metric by its last path part or name, the measure, the score."""

    metric: str
    measure: Quantity | None
    score: str | None
    pointer: str


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What an issuer says of its own product or facility: never evidence of itself."""

    id: str
    about: str
    of: str
    facility: str | None
    criteria: tuple[Criterion, ...]
    references: frozenset[str]
    date: date | None
    period: Period | None
    values: tuple[Value, ...]
    evidence: tuple[Link, ...]
    origin: Origin
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """One assessment of an attestation."""

    id: str
    criteria: tuple[Criterion, ...]
    references: frozenset[str]
    date: date | None
    period: Period | None
    values: tuple[Value, ...]
    conforms: bool | None
    products: tuple[str, ...]
    facilities: tuple[str, ...]
    organisation: str | None
    origin: Origin


@dataclass(frozen=True, slots=True, eq=False)
class Attestation:
    """An attestation: to whom, by what kind of assessor, under which scheme."""

    id: str
    issued_to: str
    assessor_level: str
    assessment_level: str
    scheme: str | None
    profile: str | None
    topics: frozenset[str]
    assessments: tuple[Assessment, ...]
    origin: Origin

    @property
    def third_party(self) -> bool:
        """Whether it claims to come from an independent body."""
        return self.assessor_level.lower() in ("3rdparty", "hybrid")

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, without where it is written: equal for copies of one attestation."""
        rows = tuple((a.id, a.criteria, a.conforms, a.products, a.facilities) for a in self.assessments)
        return self.id, self.issued_to, self.assessor_level, self.scheme, rows


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """A register entry of a DID: the anchor, and who stands behind it."""

    subject: str
    register: str
    entry: str | None
    registered_id: str
    scheme: str | None
    scopes: frozenset[str]
    origin: Origin

    @property
    def accredits(self) -> bool:
        """Whether it is an accreditation, not just an entry in a register of companies or of land."""
        return "accreditation" in self.register


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """What a passport says of a product."""

    id: str
    written: str
    name: str
    granularity: str
    model: str | None
    batch: str | None
    item: str | None
    facility: str | None
    country: str | None
    made_on: date | None
    parties: tuple[Party, ...]
    materials: tuple[Material, ...]
    weight: Quantity | None
    volume: Quantity | None
    categories: tuple[str, ...]
    claims: tuple[Claim, ...]
    origin: Origin
    assay: Mapping[str, float] = field(default_factory=dict)
    """Elements by symbol with their share of the mass, as UNTP-CRM states them."""


@dataclass(frozen=True, slots=True, eq=False)
class Facility:
    """What a facility record says of a facility."""

    id: str
    name: str
    aliases: tuple[str, ...]
    country: str | None
    parties: tuple[Party, ...]
    period: Period | None
    consumed: tuple[Material, ...]
    claims: tuple[Claim, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Goods:
    """A product in an event, with its quantity and what became of it."""

    product: str
    written: str
    name: str
    granularity: str
    quantity: Quantity | None
    disposition: str | None
    origin: Origin


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One event: `make` and `bundle` turn inputs into outputs, `move` and `modify` keep the goods."""

    id: str
    kind: str
    time: datetime | None
    place: str | None
    destination: str | None
    inputs: tuple[Goods, ...]
    outputs: tuple[Goods, ...]
    parties: tuple[Party, ...]
    consignment: str | None
    origin: Origin

    @property
    def told(self) -> str:
        """Its id, for findings."""
        return self.id

    @property
    def content(self) -> tuple[object, ...]:
        """What it says happened, without where it is written: equal for copies of one event."""
        sides = tuple(
            tuple(
                (g.product, g.quantity.value, g.quantity.unit) if g.quantity else (g.product, None, None)
                for g in side
            )
            for side in (self.inputs, self.outputs)
        )
        return self.id, self.kind, self.time, self.place, self.destination, self.consignment, sides


@dataclass(frozen=True, eq=False)
class Graph:
    """Everything said in some credentials, joined by identifier."""

    sources: tuple[Source, ...] = ()
    products: tuple[Product, ...] = ()
    facilities: tuple[Facility, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    identities: tuple[Identity, ...] = ()
    events: tuple[Event, ...] = ()
    roots: frozenset[str] = frozenset()
    """Parties that the verifier trusts by itself; empty where it has said nothing."""

    ledger: tuple[Event, ...] = ()
    """The events that count for goods: not forged, not withdrawn, each once."""

    products_by_id: Mapping[str, tuple[Product, ...]] = field(default_factory=dict, repr=False)
    facilities_by_id: Mapping[str, tuple[Facility, ...]] = field(default_factory=dict, repr=False)
    identities_by_subject: Mapping[str, tuple[Identity, ...]] = field(default_factory=dict, repr=False)
    attestations_by_criterion: Mapping[str, tuple[tuple[Attestation, Assessment], ...]] = field(
        default_factory=dict, repr=False
    )
    sources_by_id: Mapping[str, tuple[Source, ...]] = field(default_factory=dict, repr=False)
    made_by: Mapping[str, tuple[Event, ...]] = field(default_factory=dict, repr=False)
    used_by: Mapping[str, tuple[Event, ...]] = field(default_factory=dict, repr=False)
    moved_by: Mapping[str, tuple[Event, ...]] = field(default_factory=dict, repr=False)

    def makers(self, product: str) -> tuple[Event, ...]:
        """The events that make a product."""
        return self.made_by.get(product, ())

    @property
    def claims(self) -> Iterable[Claim]:
        """Every claim about a product or facility, in the order of the credentials."""
        for product in self.products:
            yield from product.claims
        for facility in self.facilities:
            yield from facility.claims
