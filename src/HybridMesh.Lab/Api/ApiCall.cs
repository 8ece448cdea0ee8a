using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace HybridMesh.Lab;

/// <summary>A call as the API server understands it: verb and resource, read from method, path and query.</summary>
internal sealed record ApiCall(
    HttpContext Http, string Verb, string Group, string Version, string Resource, string? Namespace, string? Name,
    string Subresource)
{
    private static readonly string[] NamespaceSubresources = ["status", "finalize"];

    public IQueryCollection Query => Http.Request.Query;

    /// <summary>Null when the path names no resource.</summary>
    public static ApiCall? Parse(HttpContext http)
    {
        string[] parts = (http.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        (string group, int start) = parts switch
        {
            ["api", _, _, ..] => ("", 2),
            ["apis", string named, _, _, ..] => (named, 3),
            _ => ("", 0),
        };
        if (start == 0)
        {
            return null;
        }

        string? ns = null;
        string[] rest = parts[start..];
        if (rest is ["namespaces", string scope, string next, ..]
            && (rest.Length > 3 || !NamespaceSubresources.Contains(next)))
        {
            ns = scope;
            rest = rest[2..];
        }
        else if (rest is ["namespaces", string self, ..])
        {
            ns = self;
        }

        if (rest.Length > 3)
        {
            return null;
        }

        string? name = rest.Length > 1 ? rest[1] : null;
        string subresource = rest.Length > 2 ? rest[2] : "";
        return new ApiCall(
            http, VerbOf(http, name, subresource), group, parts[start - 1], rest[0], ns, name, subresource);
    }

    public bool Flag(string name) =>
        Query.TryGetValue(name, out StringValues values) && values.Count > 0 && values[0] is "" or "true" or "1";

    public bool Has(string name) => Query.ContainsKey(name);

    public string? Text(string name) =>
        Query.TryGetValue(name, out StringValues values) && !StringValues.IsNullOrEmpty(values) ? values[0] : null;

    public int? Number(string name) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    private static string VerbOf(HttpContext http, string? name, string subresource) => http.Request.Method switch
    {
        "GET" when subresource is "exec" or "attach" or "portforward" => "create",
        "GET" or "HEAD" when name is not null => "get",
        "GET" or "HEAD" => http.Request.Query["watch"].FirstOrDefault() is "true" or "1" or "" ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name is null ? "deletecollection" : "delete",
        _ => http.Request.Method.ToLowerInvariant(),
    };
}
