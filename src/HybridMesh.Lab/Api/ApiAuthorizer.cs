namespace HybridMesh.Lab;

/// <summary>The lab's very small RBAC, with the messages of the real one.</summary>
internal static class ApiAuthorizer
{
    private static readonly string[] Reading = ["get", "list", "watch"];

    public static void Check(ApiUser user, ApiCall call)
    {
        bool allowed = user.Access switch
        {
            ApiAccess.Full => true,
            ApiAccess.ReadOnly => Reading.Contains(call.Verb) && call.Resource != "secrets",
            _ => false,
        };
        if (allowed)
        {
            return;
        }

        string resource = call.Subresource.Length > 0 ? $"{call.Resource}/{call.Subresource}" : call.Resource;
        string scope = call.Namespace is { } ns ? $"in the namespace \"{ns}\"" : "at the cluster scope";
        ResourceType type = new(call.Group, [call.Version], "", call.Resource, "", call.Namespace is not null);
        throw ApiException.Forbidden(
            type, call.Name ?? "",
            $"User \"{user.Name}\" cannot {call.Verb} resource \"{resource}\" in API group \"{call.Group}\" {scope}");
    }

    /// <summary>Everybody may see health and version, who is known may see the discovery.</summary>
    public static void CheckPath(ApiUser user, string method, string path)
    {
        bool isPublic = Discovery.IsHealth(path) || path is "/version" or "/version/";
        if (!isPublic && user.Groups.Contains("system:unauthenticated"))
        {
            throw new ApiException(
                403, "Forbidden",
                $"forbidden: User \"{user.Name}\" cannot {method.ToLowerInvariant()} path \"{path}\"", []);
        }
    }
}
