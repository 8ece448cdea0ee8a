namespace HybridMesh.Lab;

/// <summary>Istio's rules about host names.</summary>
internal static class MeshHost
{
    public const string Domain = "svc.cluster.local";

    /// <summary>A name without a dot belongs to the namespace of the resource that says it.</summary>
    public static string Resolve(string host, string ns) =>
        host.Contains('.', StringComparison.Ordinal) || host == "*" ? host.ToLowerInvariant() : Of(host, ns);

    public static string Of(string service, string ns) => $"{service}.{ns}.{Domain}".ToLowerInvariant();

    /// <summary>Whether a host or wildcard pattern (<c>*</c>, <c>*.example.com</c>) covers a host or pattern.</summary>
    public static bool Covers(string pattern, string host) =>
        pattern == "*"
        || pattern == host
        || (pattern.StartsWith('*') && host.Length >= pattern.Length
            && host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase));

    /// <summary>Orders patterns: the exact one first, then the longest.</summary>
    public static int Precision(string pattern) => pattern.StartsWith('*') ? pattern.Length : int.MaxValue;
}
