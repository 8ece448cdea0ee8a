namespace HybridMesh.Core;

/// <summary>Hosts of VirtualServices: names, short ones of their namespace, and wildcards.</summary>
internal static class HostPattern
{
    /// <summary>Whether a host of a VirtualService in a namespace is, or covers, a full name.</summary>
    public static bool Covers(string pattern, string host, string ns) =>
        pattern == "*"
        || (pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : Names(pattern, host, ns));

    /// <summary>Whether it is that very name, and no wildcard.</summary>
    public static bool Names(string pattern, string host, string ns) =>
        RouteHost.Read(pattern, ns).FullName.Equals(host, StringComparison.OrdinalIgnoreCase)
            || pattern.Equals(host, StringComparison.OrdinalIgnoreCase);
}
