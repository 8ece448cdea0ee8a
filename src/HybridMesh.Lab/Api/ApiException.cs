using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>One reason of a Status: <c>{reason, message, field}</c>.</summary>
internal sealed record StatusCause(string Reason, string Message, string Field);

/// <summary>A call answered with a Kubernetes Status of failure.</summary>
internal sealed class ApiException(int code, string reason, string message, JsonObject? details = null)
    : Exception(message)
{
    public int Code => code;

    public int? RetryAfterSeconds { get; init; }

    public JsonObject ToStatus()
    {
        JsonObject status = new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = code;
        return status;
    }

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Internal(string message) => new(500, "", message);

    /// <summary>The path names no resource this server has.</summary>
    public static ApiException NoResource() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found", Details(type, name));

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiException Exists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.QualifiedName} \"{name}\" already exists", Details(type, name));

    public static ApiException Conflict(ResourceType type, string name, string because) => new(
        409, "Conflict", $"Operation cannot be fulfilled on {type.QualifiedName} \"{name}\": {because}",
        Details(type, name));

    public static ApiException Stale(ResourceType type, string name) => Conflict(
        type, name,
        "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Forbidden(ResourceType type, string name, string because) => new(
        403, "Forbidden",
        name.Length == 0
            ? $"{type.QualifiedName} is forbidden: {because}"
            : $"{type.QualifiedName} \"{name}\" is forbidden: {because}",
        Details(type, name));

    public static ApiException UnsupportedMediaType(string accepted) => new(
        415, "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static ApiException ApplyConflict(string message, IEnumerable<StatusCause> causes) =>
        new(409, "Conflict", message, new JsonObject { ["causes"] = Causes(causes) });

    public static ApiException Invalid(string group, string kind, string name, IReadOnlyList<StatusCause> causes)
    {
        string qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        IEnumerable<string> texts = causes.Select(cause => $"{cause.Field}: {cause.Message}");
        string all = causes.Count == 1 ? texts.First() : $"[{string.Join(", ", texts)}]";
        JsonObject details = new() { ["name"] = name };
        if (group.Length > 0)
        {
            details["group"] = group;
        }

        details["kind"] = kind;
        details["causes"] = Causes(causes);
        return new ApiException(422, "Invalid", $"{qualified} \"{name}\" is invalid: {all}", details);
    }

    private static JsonArray Causes(IEnumerable<StatusCause> causes) => [.. causes.Select(cause => new JsonObject
    {
        ["reason"] = cause.Reason, ["message"] = cause.Message, ["field"] = cause.Field,
    })];

    public static JsonObject Details(ResourceType type, string name)
    {
        JsonObject details = [];
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = type.Plural;
        return details;
    }
}
