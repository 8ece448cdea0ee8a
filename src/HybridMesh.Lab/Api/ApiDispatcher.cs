using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Authenticates, authorises and hands each call to the part that answers it.</summary>
internal sealed class ApiDispatcher(
    ObjectStore store, IReadOnlyList<ResourceType> types, ApiServerOptions options, CancellationToken stopping)
{
    private static readonly ApiUser Anonymous = new("system:anonymous", ApiAccess.None, "system:unauthenticated");
    private readonly Discovery _discovery = new(types, options);
    private readonly ObjectReader _reader = new(store, options.Clock);
    private readonly ObjectWatcher _watcher = new(store, options.Clock, stopping);
    private readonly ObjectEndpoint _objects = new(store, types, options);
    private readonly TokenEndpoint _tokens = new(store, options);
    private readonly PodEndpoint _pods = new(store, options, stopping);

    public async Task DispatchAsync(HttpContext http)
    {
        ApiUser user = Authenticate(http);
        ApiCall? call = ApiCall.Parse(http);
        string path = http.Request.Path.Value ?? "/";
        if (!Discovery.IsHealth(path) && await FailAsync(http, call))
        {
            return;
        }

        if (call is null)
        {
            await AnswerNonResourceAsync(http, user, path);
            return;
        }

        ApiAuthorizer.Check(user, call);
        ResourceType type = types.FirstOrDefault(type => type.Group == call.Group
            && type.Versions.Contains(call.Version) && type.Plural == call.Resource) ?? throw ApiException.NoResource();
        await AnswerAsync(call, type);
    }

    private Task AnswerNonResourceAsync(HttpContext http, ApiUser user, string path)
    {
        ApiAuthorizer.CheckPath(user, http.Request.Method, path);
        return _discovery.AnswerAsync(http, path);
    }

    private Task AnswerAsync(ApiCall call, ResourceType type)
    {
        bool inPath = type.Namespaced || type == ResourceTypes.Namespace;
        bool namespaceMissing = type.Namespaced && call.Namespace is null
            && (call.Name is not null || call.Verb == "create");
        if ((!inPath && call.Namespace is not null) || namespaceMissing)
        {
            throw namespaceMissing && call.Name is null ? ApiException.MethodNotAllowed() : ApiException.NoResource();
        }

        return (type.Kind, call.Subresource, call.Verb) switch
        {
            (_, "", "get") => _reader.GetAsync(call, type),
            (_, "", "list") => _reader.ListAsync(call, type),
            (_, "", "watch") => _watcher.WatchAsync(call, type),
            (_, "", "create") when call.Name is null => _objects.CreateAsync(call, type),
            (_, "", "update" or "patch") when call.Name is not null => _objects.ChangeAsync(call, type),
            (_, "", "delete") => _objects.DeleteAsync(call, type),
            (_, "status", "get") when type.HasStatus => _reader.GetAsync(call, type),
            (_, "status", "update" or "patch") when type.HasStatus => _objects.ChangeAsync(call, type),
            ("Pod", "exec", "create") => _pods.ExecAsync(call),
            ("Pod", "log", "get") => _pods.LogAsync(call),
            ("ServiceAccount", "token", "create") => _tokens.CreateAsync(call),
            (_, "" or "status", _) => throw ApiException.MethodNotAllowed(),
            _ => throw ApiException.NoResource(),
        };
    }

    private ApiUser Authenticate(HttpContext http)
    {
        string header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return Anonymous;
        }

        byte[] given = Encoding.UTF8.GetBytes(
            header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : "");
        foreach ((string token, ApiUser user) in options.Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(token)))
            {
                return user with { Groups = [.. user.Groups, "system:authenticated"] };
            }
        }

        throw ApiException.Unauthorized();
    }

    private async Task<bool> FailAsync(HttpContext http, ApiCall? call)
    {
        ApiFault? fault = options.Faults.Take(
            call?.Verb ?? http.Request.Method.ToLowerInvariant(), call?.Resource ?? "");
        switch (fault?.Kind)
        {
            case null:
                return false;
            case ApiFaultKind.Drop:
                http.Abort();
                return true;
            case ApiFaultKind.Conflict:
                ResourceType? type = types.FirstOrDefault(type => type.Plural == call?.Resource);
                throw ApiException.Stale(type ?? ResourceTypes.Namespace, call?.Name ?? "");
            case ApiFaultKind.TooManyRequests:
                throw new ApiException(
                    429, "TooManyRequests", "Too many requests, please try again later.",
                    new() { ["retryAfterSeconds"] = fault.RetryAfterSeconds })
                {
                    RetryAfterSeconds = fault.RetryAfterSeconds,
                };
            case ApiFaultKind.Unavailable:
                throw new ApiException(503, "ServiceUnavailable", "the server is currently unable to handle the "
                    + "request");
            default:
                await Task.CompletedTask;
                throw new ApiException(
                    500, "InternalError", "Internal error occurred: injected by the lab",
                    new() { ["causes"] = new JsonArray(new JsonObject { ["message"] = "injected by the lab" }) });
        }
    }
}
