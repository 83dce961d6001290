#!/usr/bin/env python3
"""Uses two gateways on one database through openfga-sdk, by all calls that its documentation has, and fails at the first answer that is not as it should be.

The environment variables ADMINISTRATION_URLS (two, with a blank between) and ADMINISTRATION_TOKEN say where they are.
"""

import asyncio
import os
import time

import openfga_sdk
from openfga_sdk import (
    ClientConfiguration, Condition, ConditionParamTypeRef, ConsistencyPreference, CreateStoreRequest, FgaObject, Metadata, ObjectRelation,
    ReadRequestTupleKey, RelationMetadata, RelationReference, RelationshipCondition, TypeDefinition, Userset, Usersets, UserTypeFilter,
    WriteAuthorizationModelRequest)
from openfga_sdk.client.models import (
    ClientAssertion, ClientBatchCheckItem, ClientBatchCheckRequest, ClientCheckRequest, ClientExpandRequest, ClientListObjectsRequest,
    ClientListRelationsRequest, ClientReadChangesRequest, ClientTuple, ClientWriteRequest, WriteTransactionOpts)
from openfga_sdk.client.models.list_users_request import ClientListUsersRequest
from openfga_sdk.client.models.write_conflict_opts import (
    ClientWriteRequestOnDuplicateWrites, ClientWriteRequestOnMissingDeletes, ConflictOptions)
from openfga_sdk.credentials import CredentialConfiguration, Credentials
from openfga_sdk.exceptions import FgaValidationException, NotFoundException, UnauthorizedException, ValidationException
from openfga_sdk.sync import OpenFgaClient as SyncClient

ANNE, BOB = "user:81684243-9356-4421-8fbf-a4f8d36aa31b", "user:f52a4f7a-054d-47ff-bb6e-3ac81269988f"
ROADMAP, BUDGET = "document:0192ab2a-d83f-756d-9397-c5ed9f3cb69a", "document:0192ab2d-d36e-7cb3-a4a8-5d1d67a300c5"


def check(name, condition, found):
    if not condition:
        raise SystemExit(f"openfga-sdk: {name}: found {found!r}")
    print(f"openfga-sdk: {name}: ok")


async def refused(name, call, kind, code):
    try:
        found = await call
    except kind as error:
        found = error.code if hasattr(error, "code") else error.parsed_exception.code
        found = getattr(found, "value", found)
    check(name, str(found).endswith(code), found)


def configuration(url, token, **options):
    credentials = Credentials(method="api_token", configuration=CredentialConfiguration(api_token=token))
    return ClientConfiguration(api_url=url, credentials=credentials, **options)


def model():
    direct = lambda *types: RelationMetadata(directly_related_user_types=list(types))
    viewers = [
        RelationReference(type="user"), RelationReference(type="user", wildcard={}), RelationReference(type="team", relation="member"),
        RelationReference(type="user", condition="ViewCountLessThan200")]
    writer = Userset(computed_userset=ObjectRelation(object="", relation="writer"))
    return WriteAuthorizationModelRequest(
        schema_version="1.1",
        type_definitions=[
            TypeDefinition(type="user"),
            TypeDefinition(
                type="team", relations={"member": Userset(this={})},
                metadata=Metadata(relations={"member": direct(RelationReference(type="user"))})),
            TypeDefinition(
                type="document",
                relations={"writer": Userset(this={}), "viewer": Userset(union=Usersets(child=[Userset(this={}), writer]))},
                metadata=Metadata(relations={"writer": direct(RelationReference(type="user")), "viewer": direct(*viewers)})),
        ],
        conditions={
            "ViewCountLessThan200": Condition(
                name="ViewCountLessThan200", expression="ViewCount < 200",
                parameters={
                    "ViewCount": ConditionParamTypeRef(type_name="TYPE_NAME_INT"), "Type": ConditionParamTypeRef(type_name="TYPE_NAME_STRING"),
                    "Name": ConditionParamTypeRef(type_name="TYPE_NAME_STRING")})
        })


async def stores(client):
    created = await client.create_store(CreateStoreRequest(name="FGA Demo Store"))
    other = await client.create_store(CreateStoreRequest(name="another store"))
    check("create_store", len(created.id) == 26 and created.name == "FGA Demo Store", created)
    page = await client.list_stores({"page_size": 1})
    rest = await client.list_stores({"page_size": 25, "continuation_token": page.continuation_token})
    names = {store.name for store in page.stores + rest.stores}
    check("list_stores", names == {"FGA Demo Store", "another store"} and rest.continuation_token == "", names)
    client.set_store_id(other.id)
    await client.delete_store()
    await refused("delete_store", client.get_store(), NotFoundException, "store_id_not_found")
    client.set_store_id(created.id)
    shown = await client.get_store()
    check("get_store", shown.id == created.id and shown.created_at == created.created_at, shown)


async def models(client):
    await refused("check without a model", client.check(question(ANNE, "viewer", ROADMAP)), ValidationException, "latest_authorization_model_not_found")
    first = (await client.write_authorization_model(model())).authorization_model_id
    second = (await client.write_authorization_model(model())).authorization_model_id
    listed = await client.read_authorization_models({"page_size": 25})
    check("read_authorization_models", [m.id for m in listed.authorization_models] == [second, first], listed)
    single = (await client.read_authorization_model({"authorization_model_id": first})).authorization_model
    check("read_authorization_model", single.id == first and single.schema_version == "1.1", single)
    check("its types", [t.type for t in single.type_definitions] == ["user", "team", "document"], single)
    check("its conditions", single.conditions["ViewCountLessThan200"].expression == "ViewCount < 200", single.conditions)
    latest = await client.read_latest_authorization_model()
    check("read_latest_authorization_model", latest.authorization_model.id == second, latest)
    client.set_authorization_model_id(second)
    broken = WriteAuthorizationModelRequest(
        schema_version="1.1",
        type_definitions=[TypeDefinition(type="document", relations={"viewer": Userset(computed_userset=ObjectRelation(relation="nobody"))})])
    await refused("write_authorization_model of one that contradicts itself", client.write_authorization_model(broken), ValidationException, "invalid_authorization_model")


def question(user, relation, object, **more):
    return ClientCheckRequest(user=user, relation=relation, object=object, **more)


def tuple_key(user, relation, object, condition=None):
    return ClientTuple(user=user, relation=relation, object=object, condition=condition)


async def writes(client):
    limited = RelationshipCondition(name="ViewCountLessThan200", context={"Name": "Roadmap", "Type": "Document"})
    await client.write(ClientWriteRequest(writes=[tuple_key(ANNE, "writer", ROADMAP)]))
    answer = await client.write(
        ClientWriteRequest(
            writes=[tuple_key(ANNE, "viewer", ROADMAP, limited), tuple_key(ANNE, "viewer", BUDGET)], deletes=[tuple_key(ANNE, "writer", ROADMAP)]))
    check("write in a transaction", all(part.success for part in answer.writes + answer.deletes), answer)
    again = ClientWriteRequest(writes=[tuple_key(ANNE, "viewer", BUDGET)], deletes=[tuple_key(ANNE, "writer", ROADMAP)])
    await refused("write of what is there", client.write(again), ValidationException, "write_failed_due_to_invalid_input")
    ignoring = ConflictOptions(
        on_duplicate_writes=ClientWriteRequestOnDuplicateWrites.IGNORE, on_missing_deletes=ClientWriteRequestOnMissingDeletes.IGNORE)
    answer = await client.write(again, {"conflict": ignoring})
    check("write that ignores conflicts", all(part.success for part in answer.writes + answer.deletes), answer)

    options = {"transaction": WriteTransactionOpts(disabled=True, max_parallel_requests=10, max_per_chunk=1)}
    answer = await client.write(
        ClientWriteRequest(
            writes=[tuple_key(BOB, "writer", f"document:{number}") for number in range(20)] + [tuple_key(BOB, "owner", "document:1")],
            deletes=[tuple_key(BOB, "viewer", "document:nowhere")]),
        options)
    check("write without a transaction", [part.success for part in answer.writes] == [True] * 20 + [False], answer)
    check("what it could not delete", [part.success for part in answer.deletes] == [False], answer)
    await client.write_tuples([tuple_key("team:a#member", "viewer", ROADMAP), tuple_key(BOB, "member", "team:a")])
    await client.delete_tuples([tuple_key(BOB, "writer", "document:19")])
    await refused("write of what does not fit", client.write_tuples([tuple_key(ANNE, "owner", ROADMAP)]), ValidationException, "validation_error")


async def reads(client):
    one = await client.read(ReadRequestTupleKey(user=ANNE, relation="viewer", object=ROADMAP))
    check("read of one tuple", one.tuples[0].key.condition.context == {"Name": "Roadmap", "Type": "Document"}, one)
    for name, key, count in [
        ("of a user and an object", ReadRequestTupleKey(user=ANNE, object=ROADMAP), 1),
        ("of a user and a type", ReadRequestTupleKey(user=ANNE, relation="viewer", object="document:"), 2),
        ("of an object", ReadRequestTupleKey(object=ROADMAP), 2),
    ]:
        found = await client.read(key)
        check(f"read {name}", len(found.tuples) == count, found)
    everything, token = [], ""
    while True:
        page = await client.read(ReadRequestTupleKey(), {"page_size": 10, "continuation_token": token})
        everything += page.tuples
        token = page.continuation_token
        if not token:
            break
    check("read of everything in pages", len({str(t.key) for t in everything}) == len(everything) == 23, len(everything))

    changes = await client.read_changes(ClientReadChangesRequest(type="document", start_time="2022-01-01T00:00:00Z"), {"page_size": "25"})
    operations = [(c.operation, c.tuple_key.object) for c in changes.changes]
    check("read_changes", operations[0][1] == ROADMAP and str(operations[0][0]).endswith("WRITE") and len(operations) == 25, operations)
    rest = await client.read_changes(ClientReadChangesRequest(type="document"), {"continuation_token": changes.continuation_token})
    check("read_changes that goes on", any(str(c.operation).endswith("DELETE") for c in rest.changes), rest)
    end = await client.read_changes(ClientReadChangesRequest(type="document"), {"continuation_token": rest.continuation_token})
    check("read_changes at the end", end.changes == [] and end.continuation_token == rest.continuation_token, end)


async def questions(client):
    check("check", (await client.check(question(ANNE, "viewer", BUDGET))).allowed, None)
    for count, allowed in [(100, True), (200, False)]:
        found = await client.check(question(ANNE, "viewer", ROADMAP, context={"ViewCount": count}))
        check(f"check with ViewCount {count}", found.allowed is allowed, found)
    await refused("check without what its condition needs", client.check(question(ANNE, "viewer", ROADMAP)), ValidationException, "validation_error")
    contextual = [tuple_key(ANNE, "writer", "document:new")]
    found = await client.check(question(ANNE, "viewer", "document:new", contextual_tuples=contextual))
    check("check with contextual tuples", found.allowed, found)
    found = await client.check(question(BOB, "viewer", ROADMAP), {"consistency": ConsistencyPreference.HIGHER_CONSISTENCY})
    check("check with HIGHER_CONSISTENCY", found.allowed, found)

    items = [
        ClientBatchCheckItem(user=ANNE, relation="viewer", object=ROADMAP, context={"ViewCount": 100}, correlation_id="allowed"),
        ClientBatchCheckItem(user=ANNE, relation="writer", object=BUDGET, correlation_id="denied"),
        ClientBatchCheckItem(user=ANNE, relation="writer", object=BUDGET, contextual_tuples=[tuple_key(ANNE, "writer", BUDGET)], correlation_id="contextual"),
        ClientBatchCheckItem(user=ANNE, relation="creator", object=BUDGET, correlation_id="wrong")]
    items += [ClientBatchCheckItem(user=BOB, relation="viewer", object=f"document:{number}") for number in range(60)]
    found = await client.batch_check(ClientBatchCheckRequest(checks=items))
    results = {result.correlation_id: result for result in found.result}
    allowed = {name: results[name].allowed for name in ("allowed", "denied", "contextual")}
    check("batch_check", allowed == {"allowed": True, "denied": False, "contextual": True} and len(results) == 64, allowed)
    wrong = results["wrong"].error
    check("batch_check of what the model does not have", wrong.input_error == "validation_error" and "creator" in wrong.message, wrong)
    check("batch_check in parts", sum(result.allowed for result in found.result) == 21, found)

    found = await client.client_batch_check(
        [question(ANNE, "viewer", BUDGET), question(ANNE, "writer", BUDGET), question(ANNE, "creator", BUDGET)])
    check("client_batch_check", [r.allowed for r in found] == [True, False, False] and found[2].error is not None, found)


async def lists(client):
    wanted = {f"document:{number}" for number in range(19)}
    found = await client.list_objects(ClientListObjectsRequest(user=BOB, relation="writer", type="document"))
    check("list_objects", set(found.objects) == wanted, found)
    found = await client.list_objects(
        ClientListObjectsRequest(
            user=ANNE, relation="viewer", type="document", context={"ViewCount": 100}, contextual_tuples=[tuple_key(ANNE, "writer", "document:new")]))
    check("list_objects with contextual tuples and context", set(found.objects) == {ROADMAP, BUDGET, "document:new"}, found)
    streamed = [r.object async for r in client.streamed_list_objects(ClientListObjectsRequest(user=BOB, relation="writer", type="document"))]
    check("streamed_list_objects", set(streamed) == wanted and len(streamed) == len(wanted), streamed)
    await refused(
        "list_objects of what the model does not have",
        client.list_objects(ClientListObjectsRequest(user=BOB, relation="owner", type="document")), ValidationException, "relation_not_found")

    found = await client.list_relations(
        ClientListRelationsRequest(user=BOB, object="document:1", relations=["viewer", "writer"], context={"ViewCount": 1}))
    check("list_relations", set(found) == {"viewer", "writer"}, found)
    object = FgaObject(type="document", id=ROADMAP.split(":")[1])
    found = await client.list_users(
        ClientListUsersRequest(object=object, relation="viewer", user_filters=[UserTypeFilter(type="user")], context={"ViewCount": 100}))
    check("list_users", {f"{u.object.type}:{u.object.id}" for u in found.users} == {ANNE, BOB}, found)
    found = await client.list_users(
        ClientListUsersRequest(
            object=object, relation="viewer", user_filters=[UserTypeFilter(type="team", relation="member")], context={"ViewCount": 100},
            contextual_tuples=[tuple_key("team:b#member", "viewer", ROADMAP)]))
    check("list_users that are sets", {u.userset.id for u in found.users} == {"a", "b"}, found)
    found = await client.list_users(
        ClientListUsersRequest(
            object=FgaObject(type="document", id="public"), relation="viewer", user_filters=[UserTypeFilter(type="user")], context={},
            contextual_tuples=[tuple_key("user:*", "viewer", "document:public")]))
    check("list_users that are everyone", found.users[0].wildcard.type == "user", found)

    tree = (await client.expand(ClientExpandRequest(relation="viewer", object=ROADMAP))).tree.root
    check("expand", tree.name == f"{ROADMAP}#viewer" and set(tree.union.nodes[0].leaf.users.users) == {ANNE, "team:a#member"}, tree)
    check("expand of a computed relation", tree.union.nodes[1].leaf.computed.userset == f"{ROADMAP}#writer", tree)


async def assertions(client):
    await client.write_assertions([ClientAssertion(user=ANNE, relation="viewer", object=ROADMAP, expectation=True)])
    found = await client.read_assertions()
    assertion = found.assertions[0]
    check("assertions", assertion.tuple_key.user == ANNE and assertion.expectation and len(found.assertions) == 1, found)


async def other_gateway(client, other):
    other.set_store_id(client.get_store_id())
    fresh = question(ANNE, "writer", "document:fresh")
    await client.write_tuples([tuple_key(ANNE, "writer", "document:fresh")])
    found = await other.check(fresh, {"consistency": ConsistencyPreference.HIGHER_CONSISTENCY})
    check("the other gateway knows when asked for HIGHER_CONSISTENCY", found.allowed, found)
    await client.delete_tuples([tuple_key(ANNE, "writer", "document:fresh")])
    deadline = time.monotonic() + 10
    while (await other.check(fresh)).allowed and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    check("the other gateway follows", not (await other.check(fresh)).allowed, None)


async def main():
    urls, token = os.environ["ADMINISTRATION_URLS"].split(), os.environ["ADMINISTRATION_TOKEN"]
    async with openfga_sdk.OpenFgaClient(configuration(urls[0], "nonsense")) as stranger:
        await refused("a wrong token", stranger.list_stores(), UnauthorizedException, "unauthenticated")
    async with openfga_sdk.OpenFgaClient(configuration(urls[0], token)) as client, openfga_sdk.OpenFgaClient(configuration(urls[1], token)) as other:
        for part in (stores, models, writes, reads, questions, lists, assertions):
            await part(client)
        await other_gateway(client, other)
        store = client.get_store_id()
    with SyncClient(configuration(urls[1], token, store_id=store)) as client:
        check("the client without asyncio", client.check(question(BOB, "viewer", ROADMAP)).allowed, None)
        listed = list(client.streamed_list_objects(ClientListObjectsRequest(user=BOB, relation="writer", type="document")))
        check("its streamed_list_objects", len(listed) == 19, listed)


asyncio.run(main())
