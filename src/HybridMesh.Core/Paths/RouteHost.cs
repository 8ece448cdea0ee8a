namespace HybridMesh.Core;

/// <summary>
/// The host a route sends to, as Istio reads it: a name without dots is a Service of the rule's namespace.
/// </summary>
/// <param name="FullName">The full name, such as <c>hello2-svc.hello.svc.cluster.local</c>.</param>
internal sealed record RouteHost(string FullName)
{
    private const string DefaultDomain = "svc.cluster.local";

    /// <summary>The Service's name when the host names one of the cluster; null for any other host.</summary>
    public string? ServiceName => Parts.Length > 2 && Parts[2] == "svc" ? Parts[0] : null;

    /// <summary>The Service's namespace when the host names one of the cluster.</summary>
    public string? Namespace => ServiceName is null ? null : Parts[1];

    /// <summary>The first label, for messages and for naming versions of hosts without subsets.</summary>
    public string ShortName => Parts[0];

    private string[] Parts => FullName.Split('.');

    /// <summary>Reads a host of a VirtualService, ServiceEntry or DestinationRule.</summary>
    public static RouteHost Read(string host, string ns) =>
        new(host.Contains('.', StringComparison.Ordinal) ? host.TrimEnd('.') : $"{host}.{ns}.{DefaultDomain}");

    /// <summary>
    /// The Service a URL's host could mean to a resolver with the search list of a pod in <paramref name="ns"/>; null
    /// when it has the shape of none.
    /// </summary>
    public static (string Name, string Namespace)? FromUrl(string host, string ns)
    {
        string[] parts = host.TrimEnd('.').Split('.');
        return parts switch
        {
            [var name] => (name, ns),
            [var name, var space] => (name, space),
            [var name, var space, "svc", ..] => (name, space),
            _ => null,
        };
    }
}
