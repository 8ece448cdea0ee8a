using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>
/// What the server serves: the legacy discovery, which every client falls back to; health and version. The server has
/// no OpenAPI.
/// </summary>
internal sealed class Discovery(IReadOnlyList<ResourceType> types, ApiServerOptions options)
{
    private static readonly string[] HealthPaths = ["/healthz", "/livez", "/readyz"];
    private static readonly string[] ObjectVerbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

    public static bool IsHealth(string path) => HealthPaths.Contains(path.TrimEnd('/'));

    public Task AnswerAsync(HttpContext http, string path)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            throw ApiException.MethodNotAllowed();
        }

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonObject? answer = parts switch
        {
            ["version"] => Version(),
            ["openid", "v1", "jwks"] => options.Signer.KeySet(),
            ["api"] => CoreVersions(http),
            ["api", string version] => Resources("", version),
            ["apis"] => new JsonObject
            {
                ["kind"] = "APIGroupList",
                ["apiVersion"] = "v1",
                ["groups"] = new JsonArray([.. Groups().Select(Group)]),
            },
            ["apis", string group] when Groups().Contains(group) => WithKind(Group(group)),
            ["apis", string group, string version] => Resources(group, version),
            _ => null,
        };
        if (answer is not null)
        {
            return http.WriteJsonAsync(200, answer);
        }

        return IsHealth(path) ? http.WriteTextAsync(200, "ok") : http.WriteTextAsync(404, "404 page not found\n");
    }

    private IEnumerable<string> Groups() =>
        types.Select(type => type.Group).Where(group => group.Length > 0).Distinct();

    private static JsonObject CoreVersions(HttpContext http) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject
        {
            ["clientCIDR"] = "0.0.0.0/0",
            ["serverAddress"] = http.Request.Host.Value,
        }),
    };

    private static JsonObject WithKind(JsonObject group)
    {
        group.Insert(0, "kind", "APIGroup");
        group.Insert(1, "apiVersion", "v1");
        return group;
    }

    private JsonObject Group(string group)
    {
        IEnumerable<string> versions =
            types.Where(type => type.Group == group).SelectMany(type => type.Versions).Distinct();
        JsonArray entries = [.. versions.Select(version => new JsonObject
        {
            ["groupVersion"] = $"{group}/{version}", ["version"] = version,
        })];
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = entries,
            ["preferredVersion"] = entries[0]!.DeepClone(),
        };
    }

    private JsonObject? Resources(string group, string version)
    {
        List<ResourceType> served =
            [.. types.Where(type => type.Group == group && type.Versions.Contains(version))];
        if (served.Count == 0)
        {
            return null;
        }

        JsonArray resources = [];
        foreach (ResourceType type in served.OrderBy(type => type.Plural, StringComparer.Ordinal))
        {
            resources.Add(Resource(type));
            foreach ((string name, string kind, string[] verbs) in Subresources(type))
            {
                resources.Add(new JsonObject
                {
                    ["name"] = $"{type.Plural}/{name}",
                    ["singularName"] = "",
                    ["namespaced"] = type.Namespaced,
                    ["kind"] = kind,
                    ["verbs"] = Names(verbs),
                });
            }
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = served[0].ApiVersion(version),
            ["resources"] = resources,
        };
    }

    private static JsonObject Resource(ResourceType type)
    {
        JsonObject resource = new()
        {
            ["name"] = type.Plural,
            ["singularName"] = type.Singular,
            ["namespaced"] = type.Namespaced,
            ["kind"] = type.Kind,
            ["verbs"] = Names(ObjectVerbs),
        };
        if (type.ShortNames.Length > 0)
        {
            resource["shortNames"] = Names(type.ShortNames);
        }

        if (type.Categories.Count > 0)
        {
            resource["categories"] = Names(type.Categories);
        }

        return resource;
    }

    private static IEnumerable<(string Name, string Kind, string[] Verbs)> Subresources(ResourceType type)
    {
        if (type == ResourceTypes.Pod)
        {
            yield return ("exec", "PodExecOptions", ["create", "get"]);
            yield return ("log", "Pod", ["get"]);
        }

        if (type == ResourceTypes.ServiceAccount)
        {
            yield return ("token", "TokenRequest", ["create"]);
        }

        if (type.HasStatus)
        {
            yield return ("status", type.Kind, ["get", "patch", "update"]);
        }
    }

    private JsonObject Version()
    {
        string[] numbers = options.GitVersion.TrimStart('v').Split('.');
        return new JsonObject
        {
            ["major"] = numbers[0],
            ["minor"] = numbers[1],
            ["gitVersion"] = options.GitVersion,
            ["gitCommit"] = "0000000000000000000000000000000000000000",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "2026-04-22T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "HybridMesh lab",
            ["platform"] = "linux/amd64",
        };
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];
}
