// Shows the OpenAPI document that lies beside this page. Whatever the document says becomes text, never markup.

const methods = ["get", "post", "put", "patch", "delete"];
let api;

function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
}

// Text with its `code`.
function inline(text) {
    return text.split(/`([^`]+)`/).map((part, index) => index % 2 ? element("code", {}, part) : part);
}

function paragraphs(text) {
    return (text ?? "").split(/\n\s*\n/).filter(Boolean).map(part => element("p", {}, ...inline(part)));
}

// MARK: Schemas

function nameOf(reference) {
    return reference.slice(reference.lastIndexOf("/") + 1);
}

function resolve(value) {
    if (!value.$ref) return value;
    const target = value.$ref.slice(2).split("/").reduce((node, key) => node[key], api);
    return { ...target, ...value };
}

function withoutReference(value) {
    return { ...resolve(value), $ref: undefined };
}

// A schema in a few words.
function typeOf(schema) {
    if (schema.$ref) return nameOf(schema.$ref);
    if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    const types = [schema.type ?? "anything"].flat().map(type => {
        if (type === "array") return "list of " + typeOf(schema.items ?? {});
        if (type === "object" && schema.additionalProperties?.constructor === Object) return "map of " + typeOf(schema.additionalProperties);
        return schema.format ? `${type} (${schema.format})` : type;
    });
    return types.join(" or ");
}

function limits(schema) {
    const words = [];
    const choices = resolve(schema).enum;
    if (choices) words.push("one of " + choices.map(choice => "`" + choice + "`").join(", "));
    if (schema.default !== undefined) words.push("default `" + JSON.stringify(schema.default) + "`");
    if (schema.minimum !== undefined) words.push("at least " + schema.minimum);
    if (schema.maximum !== undefined) words.push("at most " + schema.maximum);
    if (schema.maxLength !== undefined) words.push("at most " + schema.maxLength + " characters");
    return words.length ? element("p", { class: "faint" }, ...inline(words.join("; "))) : null;
}

// Where a schema is read: the named ones that it is a part of, and what is worth saying of a field that must be there or need not.
const request = { around: [], note: isRequired => isRequired ? "required" : "" };
const reply = { around: [], note: isRequired => isRequired ? "" : "may be absent" };

// The fields of the objects that a schema is made of.
function parts(schema, context) {
    if (schema.$ref) {
        const name = nameOf(schema.$ref);
        const target = resolve(schema);
        if (context.around.includes(name) || !hasFields(target)) return [];
        const inside = { ...context, around: [...context.around, name] };
        return [element("details", { class: "schema" }, element("summary", {}, `Fields of ${name}`), ...parts(withoutReference(target), inside))];
    }
    const inner = [...(schema.anyOf ?? []), schema.items, schema.additionalProperties].filter(part => part?.constructor === Object);
    return [...(schema.properties ? [fields(schema, context)] : []), ...inner.flatMap(part => parts(part, context))];
}

function hasFields(schema) {
    return Boolean(schema.properties || schema.anyOf || schema.items || schema.additionalProperties);
}

// Required fields come first, in the order in which the schema requires them.
function fields(schema, context) {
    const required = schema.required ?? [];
    const names = [...required, ...Object.keys(schema.properties).filter(name => !required.includes(name))];
    return element("dl", {}, ...names.flatMap(name => field(name, schema.properties[name], required.includes(name), context)));
}

function field(name, schema, isRequired, context, description = schema.description, place = "") {
    return [
        element("dt", {}, element("code", {}, name), " ", element("span", { class: "type" }, typeOf(schema), place),
            " ", element("span", { class: "note" }, context.note(isRequired))),
        element("dd", {}, ...paragraphs(description), limits(schema), ...parts(schema, context)),
    ].filter(Boolean);
}

// MARK: Operations

function section(title, ...content) {
    return content.length ? [element("h3", {}, title), ...content] : [];
}

function parameterList(parameters) {
    if (!parameters?.length) return [];
    return [element("dl", {}, ...parameters.flatMap(parameter =>
        field(parameter.name, parameter.schema, parameter.required, request, parameter.description, ` in ${parameter.in}`)))];
}

function contents(content, context) {
    return Object.entries(content ?? {}).flatMap(([mediaType, { schema }]) =>
        [element("p", { class: "type" }, mediaType, ": ", typeOf(schema)), ...parts(withoutReference(schema), context)]);
}

function answer([status, response], ...body) {
    return [element("dt", {}, element("code", {}, status)), element("dd", {}, ...paragraphs(response.description), ...body)];
}

function answers(responses) {
    const all = Object.entries(responses).map(([status, response]) => [status, resolve(response)]);
    const isError = ([status]) => Number(status) >= 400;
    return [
        ...section("Answer", element("dl", {}, ...all.filter(one => !isError(one)).flatMap(one => answer(one, ...contents(one[1].content, reply))))),
        ...section("Errors", element("dl", {}, ...all.filter(isError).flatMap(one => answer(one)))),
        ...section("Body of all errors", ...contents(all.find(isError)?.[1].content, reply)),
    ];
}

// Addresses may be relative to the document's.
function addressOf(server) {
    return URL.canParse(server.url, documentURL) ? new URL(server.url, documentURL).href : server.url;
}

function example(method, path, operation) {
    const server = addressOf(api.servers[0]).replace(/\/$/, "");
    const query = (operation.parameters ?? []).filter(({ in: place, required }) => place === "query" && required).map(({ name }) => `${name}=…`);
    const words = ["curl"];
    if (method !== "get") words.push("-X", method.toUpperCase());
    if (operation.security) words.push('-H "Authorization: Bearer $TOKEN"');
    const mediaType = Object.keys(operation.requestBody?.content ?? {})[0];
    if (mediaType === "application/json") words.push("--json '{…}'");
    if (mediaType === "multipart/form-data") words.push("-F file=@…");
    words.push(`"${server}${path}${query.length ? "?" + query.join("&") : ""}"`);
    return element("pre", {}, words.join(" "));
}

function operationView(path, method, operation) {
    const details = element("details", { class: "operation", id: operation.operationId },
        element("summary", {}, element("span", { class: `method ${method}` }, method.toUpperCase()), element("code", {}, path),
            element("span", { class: "faint" }, operation.summary)));
    // Made when it is looked at first: most never are.
    details.addEventListener("toggle", () => {
        if (details.open && details.children.length === 1) {
            details.append(element("div", {}, ...paragraphs(operation.description), example(method, path, operation),
                ...section("Parameters", ...parameterList(operation.parameters)),
                ...section("Body", ...contents(operation.requestBody?.content, request)), ...answers(operation.responses)));
        }
    });
    const text = `${method} ${path} ${operation.summary} ${operation.description ?? ""}`.toLowerCase();
    return { details, text, tag: operation.tags.at(-1) };
}

// MARK: Page

function showHeader() {
    document.title = `${api.info.title} API`;
    const search = element("input", { type: "search", placeholder: "Find an operation", "aria-label": "Find an operation" });
    const servers = api.servers.map(server => element("li", {}, element("code", {}, addressOf(server)), " ", server.description ?? ""));
    const token = api.components.securitySchemes.APIAuthDependency?.flows.clientCredentials.tokenUrl;
    document.getElementById("header").append(
        element("h1", {}, api.info.title, " ", element("span", { class: "faint" }, api.info.version)),
        ...paragraphs(api.info.summary), ...paragraphs(api.info.description),
        element("p", {}, "Servers:"), element("ul", {}, ...servers),
        element("p", {}, "Tokens: ", element("code", {}, token ?? "not told"), ". The whole description for programs: ",
            element("a", { href: documentURL.href }, "openapi.json"), "."),
        search);
    return search;
}

function showOperations() {
    const views = Object.entries(api.paths).flatMap(([path, item]) =>
        methods.filter(method => item[method]).map(method => operationView(path, method, item[method])));
    const groups = api.tags.map(tag => {
        const group = views.filter(view => view.tag === tag.name);
        const node = element("section", {}, element("h2", {}, tag.name), ...paragraphs(tag.description), ...group.map(view => view.details));
        return { node, group };
    });
    document.getElementById("main").replaceChildren(...groups.map(({ node }) => node));
    return function find(words) {
        for (const { node, group } of groups) {
            for (const view of group) view.details.hidden = !words.every(word => view.text.includes(word));
            node.hidden = group.every(view => view.details.hidden);
        }
    };
}

function openNamedOperation() {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named?.tagName !== "DETAILS") return;
    named.open = true;
    named.scrollIntoView();
}

// Beside this page, also when its own address ends with a slash.
const documentURL = new URL("openapi.json", location.origin + location.pathname.replace(/\/+$/, ""));

try {
    const response = await fetch(documentURL);
    if (!response.ok) throw new Error(`the gateway answers ${response.status}`);
    api = await response.json();
    const search = showHeader();
    const find = showOperations();
    search.addEventListener("input", () => find(search.value.toLowerCase().split(/\s+/).filter(Boolean)));
    addEventListener("hashchange", openNamedOperation);
    openNamedOperation();
} catch (error) {
    document.getElementById("main").replaceChildren(element("p", { class: "error" }, `The description cannot be shown: ${error.message}`));
}
