using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>What all of a command's bootstrap files share.</summary>
/// <param name="Mesh">The mesh's configuration; null when ASM gives none.</param>
/// <param name="RootCertificate">The root certificate.</param>
/// <param name="ClusterId">The cluster's id.</param>
/// <param name="IngressIP">The address istiod is reached at; empty for none.</param>
internal sealed record BootstrapShare(MeshText Mesh, byte[] RootCertificate, string ClusterId, string IngressIP);

/// <summary>Fetches what bootstrap files hold, from files where they are named and from the mesh otherwise.</summary>
internal sealed class BootstrapSources(
    SidecarConfigRequest request, LazySession session, IYamlFormat yaml, IChangeGate gate, GatewayAddress gateway)
{
    private const string RootCertKey = "root-cert.pem";
    private const string RootCertConfigMap = "istio-ca-root-cert";

    private string Suffix => BootstrapOptions.SuffixOf(BootstrapOptions.RevisionOf(request.Revision));

    /// <summary>Reads everything that does not differ from VM to VM.</summary>
    public async Task<BootstrapShare> ReadAsync(string ns, CancellationToken cancellationToken) => new(
        await MeshAsync(cancellationToken).ConfigureAwait(false),
        await RootCertificateAsync(ns, cancellationToken).ConfigureAwait(false),
        request.ClusterId ?? await ClusterIdAsync(cancellationToken).ConfigureAwait(false),
        await IngressAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// The mesh's configuration, of a file or of istiod's ConfigMap; null when there is no such ConfigMap.
    /// </summary>
    public async Task<MeshText?> FindMeshAsync(CancellationToken cancellationToken)
    {
        if (request.MeshConfigPath is { } path)
        {
            return new(await TextFile.ReadAsync(path, cancellationToken).ConfigureAwait(false), $"'{path}'");
        }

        string name = $"istio{Suffix}";
        string? text = await FindAsync(
            BootstrapOptions.IstioNamespace, name, "mesh", [MeshPlane.Control, MeshPlane.Data], cancellationToken)
            .ConfigureAwait(false);
        return text is null ? null : new(text, $"Key mesh of ConfigMap {BootstrapOptions.IstioNamespace}/{name}");
    }

    /// <summary>The root certificate, of a file or of the namespace's ConfigMap.</summary>
    public async Task<byte[]> RootCertificateAsync(string ns, CancellationToken cancellationToken)
    {
        if (request.RootCertPath is { } path)
        {
            return await TextFile.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }

        string text = await FindAsync(
            ns, RootCertConfigMap, RootCertKey, [MeshPlane.Data, MeshPlane.Control], cancellationToken)
            .ConfigureAwait(false)
            ?? throw Missing(
                RootCertConfigMap, ns, RootCertKey,
                "istiod writes it into every namespace of the mesh; or name a file by -RootCertPath.");
        return Encoding.UTF8.GetBytes(text);
    }

    private async Task<MeshText> MeshAsync(CancellationToken cancellationToken) =>
        await FindMeshAsync(cancellationToken).ConfigureAwait(false)
        ?? throw Missing(
            $"istio{Suffix}", BootstrapOptions.IstioNamespace, "mesh",
            "-Revision names the revision of istiod, -MeshConfigPath a file instead.");

    private async Task<string> ClusterIdAsync(CancellationToken cancellationToken)
    {
        string name = $"istio-sidecar-injector{Suffix}";
        string source = $"Key values of ConfigMap {BootstrapOptions.IstioNamespace}/{name}";
        string values = await FindAsync(
            BootstrapOptions.IstioNamespace, name, "values", [MeshPlane.Control, MeshPlane.Data], cancellationToken)
            .ConfigureAwait(false)
            ?? throw Missing(
                name, BootstrapOptions.IstioNamespace, "values",
                "It would tell the cluster's id; pass it by -ClusterId.");
        string? id = yaml.Read(values, source).Text("global", "multiCluster", "clusterName");
        if (string.IsNullOrEmpty(id))
        {
            gate.Warning(
                $"{source} names no cluster (global.multiCluster.clusterName), so that ISTIO_META_CLUSTER_ID is "
                + "empty; pass -ClusterId if the mesh has several clusters.");
        }

        return id ?? "";
    }

    private async Task<string> IngressAsync(CancellationToken cancellationToken) =>
        request.IngressIP ?? await gateway.FindAsync(
            await GatewaySessionAsync(cancellationToken).ConfigureAwait(false),
            request.IngressService,
            cancellationToken).ConfigureAwait(false);

    // When files give all else, the gateway's address is what a connection is needed for.
    private async Task<MeshSession> GatewaySessionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await session.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.NotConnected)
        {
            throw new MeshException(
                e.Code,
                $"The address of Service {request.IngressService} can't be looked up; pass the address at which VMs "
                + $"reach istiod by -IngressIP, or connect. {e.Message}",
                request.IngressService,
                e);
        }
    }

    private async Task<string?> FindAsync(
        string ns, string name, string key, MeshPlane[] planes, CancellationToken cancellationToken)
    {
        MeshSession mesh = await session.GetAsync(cancellationToken).ConfigureAwait(false);
        foreach (MeshPlane plane in mesh.IsSingleCluster ? planes[..1] : planes)
        {
            JsonObject? item = await mesh[plane].FindAsync(KubernetesKind.ConfigMap, ns, name, cancellationToken)
                .ConfigureAwait(false);
            if (item.Text("data", key) is { } text)
            {
                gate.Verbose(
                    $"Read key {key} of ConfigMap {ns}/{name} on the {mesh.NameOf(plane)} ({mesh[plane].Server}).");
                return text;
            }
        }

        return null;
    }

    private static MeshException Missing(string name, string ns, string key, string remedy) => new(
        MeshErrorCode.ObjectNotFound, $"There is no ConfigMap {ns}/{name} with the key {key} in the mesh. {remedy}",
        name);
}

/// <summary>The mesh's session, opened when something is first needed from it.</summary>
/// <param name="open">Opens it.</param>
public sealed class LazySession(Func<CancellationToken, Task<MeshSession>> open)
{
    private readonly object _gate = new();
    private Task<MeshSession>? _session;

    /// <summary>The session: one, also for many that ask at once. What failed is tried again.</summary>
    public Task<MeshSession> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_session is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _session = open(cancellationToken);
            }

            return _session.WaitAsync(cancellationToken);
        }
    }
}
