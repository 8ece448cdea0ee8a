using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>
/// What the mesh knows about paths, asked once for many of them. Without a connection, or without the rights to ask,
/// nothing is known and paths are tested all the same.
/// </summary>
public sealed class PathContext
{
    private readonly MeshSession? _session;
    private readonly string? _namespace;
    private readonly Action<string> _warning;
    private readonly Lazy<Task<MeshTopology?>> _topology;
    private readonly ConcurrentDictionary<(string Name, string Namespace), Task<string?>> _clusterIPs = [];

    /// <summary>Makes a context.</summary>
    /// <param name="session">The mesh; null for none.</param>
    /// <param name="ns">The namespace of the apps; null without a session.</param>
    /// <param name="warning">Takes what could not be asked.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public PathContext(MeshSession? session, string? ns, Action<string> warning, CancellationToken cancellationToken)
    {
        _session = session;
        _namespace = ns;
        _warning = warning;
        _topology = new(() => TryAsync(
            warning,
            "Hops are shown without kind and version",
            () => MeshTopology.ReadAsync(session!, ns!, cancellationToken)));
    }

    internal async Task<PathExpectation> ExpectAsync(
        Uri uri, IReadOnlyList<string>? expectChain, CancellationToken cancellationToken)
    {
        if (_session is null)
        {
            return new(null, hop => hop, expectChain);
        }

        MeshTopology? topology = await _topology.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        string? address = uri.HostNameType == UriHostNameType.Dns
            && RouteHost.FromUrl(uri.Host, _namespace!) is { } service
            ? await _clusterIPs.GetOrAdd(service, key => TryAsync(
                // A name of the outer world looks like a Service of a namespace we need not be allowed to read.
                key.Namespace == _namespace ? _warning : _ => { },
                "Shadowing records of /etc/hosts are not noticed",
                () => ClusterIPAsync(key.Name, key.Namespace, cancellationToken)))
                .WaitAsync(cancellationToken).ConfigureAwait(false)
            : null;
        return new(address, hop => topology?.Describe(hop) ?? hop, expectChain);
    }

    private async Task<string?> ClusterIPAsync(string name, string ns, CancellationToken cancellationToken)
    {
        JsonObject? service = await _session!.DataPlane
            .FindAsync(KubernetesKind.Service, ns, name, cancellationToken).ConfigureAwait(false);
        return service.Text("spec", "clusterIP") is { } address && IPAddress.TryParse(address, out _) ? address : null;
    }

    private static async Task<T?> TryAsync<T>(Action<string> warning, string consequence, Func<Task<T>> ask)
        where T : class?
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (MeshException e)
        {
            warning($"{consequence}: {e.Message}");
            return null;
        }
    }
}
