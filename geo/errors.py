"""Name everything that can go wrong, without knowing HTTP or a language.

    TaqsimatError
    ├── InputError              what was given cannot be used
    │   ├── FileRefused         a file that is not read at all
    │   │   ├── UnreadableFile  ├── EmptyFile  ├── FileTooLarge  ├── UnsafeFile
    │   ├── WrongCrs            ├── MissingColumn    ├── UnknownColumn  ├── InvalidMapping
    │   ├── InvalidPack         ├── UnknownCountry   ├── UnknownLevel   ├── UnknownScheme
    │   ├── InvalidCode         ├── InvalidDate      ├── InvalidPeriod  ├── InvalidGeometry
    │   ├── InvalidValue        ├── MissingVersion   ├── InvalidChange
    │   ├── GroundOutside       ├── GroundCutsChildren
    │   └── RowsRefused         an import whose rows were not all accepted
    ├── NotFoundError           what was asked for is not there
    │   ├── RegisterNotFound    ├── DivisionNotFound ├── FindingNotFound
    │   ├── ReservationNotFound
    │   ├── CouncilNotFound     ├── PlanNotFound     ├── AccountNotFound
    │   ├── StationNotFound     ├── ElectionNotFound
    │   ├── ChangeNotFound      ├── DecreeNotFound
    │   ├── DisputeNotFound     ├── EvidenceNotFound ├── RepairNotFound
    │   ├── EditionNotFound     ├── SheetNotFound
    │   ├── JobNotFound         ├── RunNotFound      ├── ExceptionNotFound
    │   ├── GrantNotFound       └── KeyNotFound
    ├── ConflictError           what was asked for collides with what is there
    │   ├── StaleVersion        ├── AmbiguousDivision
    │   ├── ChangeRefused       ├── WrongState
    │   ├── ChangeHeld          ├── DisputeNotReady  ├── DisputeInConflict
    │   ├── CodesExhausted      ├── CodeTaken
    │   ├── GroundNotExact      ├── FeedBroken
    │   ├── JobEnded            ├── JobCancelled     ├── WrongRepairState
    │   ├── AlreadyExists       └── AdminExists
    ├── AccessError             the caller may not do this
    │   ├── NotAuthenticated    ├── NotPermitted     ├── SameOfficer
    │   └── SameRepairOfficer
    ├── Infeasible              no answer exists under the given rules
    └── EnvironmentFault        the machine is not fit for the work
        ├── DatabaseDown        ├── DatabaseUnfit    ├── DatabaseOutdated
        ├── FolderUnfit         ├── ClusterBusy      ├── ClusterFailed   ├── ProgramMissing
        ├── DiskFull            ├── PortInUse        ├── AssetsMissing   ├── InvalidSetting
        └── PageNotOffline

Each class has a `rule`, the lasting name under which the message catalogue keeps its texts, and each instance its
parameters. `services.messages` turns the two into a sentence in the caller's language.
"""

from __future__ import annotations

import re
from typing import ClassVar

from geo.reasons import Reason as Reason
from geo.reasons import because as because


class TaqsimatError(Exception):
    """Carry the parameters of what went wrong under the rule that was broken."""

    rule: ClassVar[str] = "taqsimat_error"

    def __init_subclass__(cls) -> None:
        """Derive the rule from the class name: `WrongCrs` keeps its texts under `wrong_crs`."""
        cls.rule = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(params)

    def __str__(self) -> str:
        """Write the rule and its parameters, for logs and tracebacks only."""
        details = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.rule}({details})"


class InputError(TaqsimatError):
    """What was given cannot be used."""


class FileRefused(InputError):
    """A file is not read at all."""


class UnreadableFile(FileRefused):
    """No reader understands the file (`path`, `reason`)."""


class EmptyFile(FileRefused):
    """The file holds no rows (`path`)."""


class FileTooLarge(FileRefused):
    """The file is larger than the limit (`path`, `size_bytes`, `limit_bytes`)."""


class UnsafeFile(FileRefused):
    """The file or its name could harm the machine (`path`, `reason`)."""


class WrongCrs(InputError):
    """The reference system is missing, unknown or contradicted by the coordinates (`path`, `reason`)."""


class MissingColumn(InputError):
    """A needed column is neither declared nor recognised (`field`, `columns`)."""


class UnknownColumn(InputError):
    """A declared column is not in the file (`column`, `columns`)."""


class InvalidMapping(InputError):
    """A column mapping cannot be understood (`key`, `reason`)."""


class InvalidPack(InputError):
    """A country pack breaks a rule (`country`, `key`, `reason`)."""


class UnknownCountry(InputError):
    """There is no pack for the country (`country`, `known`)."""


class InvalidChange(InputError):
    """The order of a change cannot be understood (`field`, `reason`)."""


class UnknownLevel(InputError):
    """The country pack has no such level (`level`, `known`)."""


class UnknownScheme(InputError):
    """The country pack has no such code scheme (`scheme`, `known`)."""


class InvalidCode(InputError):
    """A code breaks its scheme's rule (`code`, `scheme`, `reason`)."""


class InvalidDate(InputError):
    """A date does not exist or its calendar cannot be told (`value`, `reason`)."""


class InvalidPeriod(InputError):
    """A period ends before it starts (`start`, `end`)."""


class InvalidGeometry(InputError):
    """A geometry cannot be used (`reason`)."""


class InvalidValue(InputError):
    """A parameter has a value outside its range (`field`, `value`, `reason`)."""


class GroundOutside(InputError):
    """Ground that shall move is partly not where it shall come from (`division`, `area_m2`)."""


class GroundCutsChildren(InputError):
    """Ground that shall move cuts through divisions below, so the move belongs to their level (`divisions`)."""


class RowsRefused(InputError):
    """Rows of an import were refused, so nothing was imported (`refused`, `total`)."""


class MissingVersion(InputError):
    """A write does not say which version of the register it is based on (`register`)."""


class NotFoundError(TaqsimatError):
    """What was asked for is not there."""


class RegisterNotFound(NotFoundError):
    """There is no register of that name (`register`)."""


class DivisionNotFound(NotFoundError):
    """No division has that code, name or position (`asked`)."""


class ReservationNotFound(NotFoundError):
    """The code is not reserved (`code`, `scheme`)."""


class FindingNotFound(NotFoundError):
    """There is no such finding (`finding`)."""


class RunNotFound(NotFoundError):
    """There is no such audit run (`run`)."""


class ExceptionNotFound(NotFoundError):
    """There is no such lawful exception, or it was withdrawn already (`exception`)."""


class JobNotFound(NotFoundError):
    """There is no such job, or the caller may not see it (`job`)."""


class CouncilNotFound(NotFoundError):
    """There is no such council (`council`)."""


class PlanNotFound(NotFoundError):
    """There is no such district plan (`plan`)."""


class SheetNotFound(NotFoundError):
    """There is no such worksheet of matching (`sheet`)."""


class ElectionNotFound(NotFoundError):
    """There is no such election (`election`)."""


class StationNotFound(NotFoundError):
    """There is no such polling station (`station`)."""


class ChangeNotFound(NotFoundError):
    """There is no such change (`change`)."""


class DecreeNotFound(NotFoundError):
    """There is no such decree (`decree`)."""


class DisputeNotFound(NotFoundError):
    """There is no such dispute, or none the caller may know of (`dispute`)."""


class RepairNotFound(NotFoundError):
    """There is no such proposal of repairs (`proposal`)."""


class EvidenceNotFound(NotFoundError):
    """The dispute has no such evidence, or it has no file (`evidence`)."""


class EditionNotFound(NotFoundError):
    """There is no such edition, or it has no such file (`edition`)."""


class AccountNotFound(NotFoundError):
    """There is no such account (`account`)."""


class GrantNotFound(NotFoundError):
    """The account does not hold that role in that scope (`account`, `role`)."""


class KeyNotFound(NotFoundError):
    """The account has no such key that still counts (`key`)."""


class ConflictError(TaqsimatError):
    """What was asked for collides with what is there."""


class StaleVersion(ConflictError):
    """The register has moved on since the version the write is based on (`based_on`, `current`)."""


class AmbiguousDivision(ConflictError):
    """A code means several divisions, and none is guessed (`asked`, `candidates`)."""


class CodesExhausted(ConflictError):
    """Every number that a scheme's rule allows has been given (`level`, `scheme`, `front`, `ranges`)."""


class CodeTaken(ConflictError):
    """A code is held, reserved or retired, and so is never free (`code`, `scheme`, `reason`)."""


class ChangeRefused(ConflictError):
    """A change breaks rules of the register (`problems`, `reasons`)."""


class WrongState(ConflictError):
    """A change is not in the state that a step needs (`change`, `state`, `needed`)."""


class ChangeHeld(ConflictError):
    """A change carries out the decision of a dispute, and takes its steps there (`change`)."""


class DisputeNotReady(ConflictError):
    """A dispute has not come as far as a step needs, or has gone past it (`dispute`, `state`, `reason`)."""


class DisputeInConflict(ConflictError):
    """Other open disputes are about the same ground, and must end first (`dispute`, `others`)."""


class FeedBroken(ConflictError):
    """A feed has ids that are bad, doubled or refer to nothing (`count`, `reasons`)."""


class GroundNotExact(ConflictError):
    """Boundaries would not tile their parents as they did before (`reason`, `divisions`)."""


class AlreadyExists(ConflictError):
    """Something of that name is already there (`name`)."""


class WrongRepairState(ConflictError):
    """A proposal of repairs is not in the state that a step needs (`proposal`, `state`, `needed`)."""


class JobEnded(ConflictError):
    """A job cannot be cancelled, for it has ended (`job`, `state`)."""


class JobCancelled(ConflictError):
    """A job ends because somebody asked for it (`job`)."""


class AdminExists(ConflictError):
    """An account already manages the others, so none is made the first."""


class AccessError(TaqsimatError):
    """The caller may not do this."""


class NotAuthenticated(AccessError):
    """The key or password is missing, wrong, expired or revoked."""


class NotPermitted(AccessError):
    """No role of the account covers the action in that division (`action`, `scope`)."""


class SameOfficer(AccessError):
    """Who drafted a change may not approve it (`change`, `officer`)."""


class SameRepairOfficer(AccessError):
    """Who proposed repairs may not accept them (`proposal`, `officer`)."""


class Infeasible(TaqsimatError):
    """No answer exists under the given rules (`reason`)."""


class EnvironmentFault(TaqsimatError):
    """The machine is not fit for the work."""


class DatabaseDown(EnvironmentFault):
    """The database does not answer (`reason`)."""


class DatabaseUnfit(EnvironmentFault):
    """The database server lacks something the store needs (`reason`)."""


class DatabaseOutdated(EnvironmentFault):
    """The store's tables are of another version than the program (`found`, `needed`)."""


class FolderUnfit(EnvironmentFault):
    """The data folder cannot be used (`path`, `reason`)."""


class ClusterBusy(EnvironmentFault):
    """Another instance holds the data folder (`path`, `pid`)."""


class ClusterFailed(EnvironmentFault):
    """The private database cluster did not do what it was told (`step`, `log`)."""


class ProgramMissing(EnvironmentFault):
    """A program of the system is not installed (`program`, `command`)."""


class DiskFull(EnvironmentFault):
    """There is no room left to write (`path`)."""


class PortInUse(EnvironmentFault):
    """Another program listens on the port (`port`)."""


class AssetsMissing(EnvironmentFault):
    """A script, style or font of the pages is not installed (`asset`)."""


class InvalidSetting(EnvironmentFault):
    """A setting of the environment or the settings file cannot be used (`name`, `reason`)."""


class PageNotOffline(EnvironmentFault):
    """A page would ask another host for a file (`address`)."""
