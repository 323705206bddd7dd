"""UUIDs as gen_random_uuid() and the functions of uuid-ossp make them. PostgreSQL: functions-uuid, uuid-ossp"""

from __future__ import annotations

import secrets
import uuid

from pgiris.compute.registry import function

_MULTICAST = 0x010000000000  # s. 4.5: a node that is no card's address

function("gen_random_uuid() uuid", "uuid_generate_v4() uuid")(lambda: str(uuid.uuid4()))
function("uuid_generate_v1() uuid")(lambda: str(uuid.uuid1()))
function("uuid_generate_v1mc() uuid")(lambda: str(uuid.uuid1(node=secrets.randbits(48) | _MULTICAST)))
function("uuid_generate_v3(uuid, text) uuid")(lambda space, name: str(uuid.uuid3(uuid.UUID(space), name)))
function("uuid_generate_v5(uuid, text) uuid")(lambda space, name: str(uuid.uuid5(uuid.UUID(space), name)))
for _name, _uuid in (
    ("uuid_nil", uuid.UUID(int=0)),
    ("uuid_ns_dns", uuid.NAMESPACE_DNS),
    ("uuid_ns_url", uuid.NAMESPACE_URL),
    ("uuid_ns_oid", uuid.NAMESPACE_OID),
    ("uuid_ns_x500", uuid.NAMESPACE_X500),
):
    function(f"{_name}() uuid")(lambda value=str(_uuid): value)
