using System.Security.Cryptography;

namespace HybridMesh.Lab;

/// <summary>
/// The lab's three APIs: a Kubernetes API server per plane, each with its kubeconfig file, and the ASM endpoint that
/// writes into both; and of istiod what they show of it.
/// </summary>
internal sealed class LabPlanes : IAsyncDisposable
{
    private readonly LabCertificates _certificates = new();
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
    private readonly string _viewerToken = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
    private readonly ApiServer _dataPlane;
    private readonly ApiServer _controlPlane;
    private readonly LabCertificates _meshAuthority = new(subject: "O=cluster.local");
    private readonly RootCertController _roots;
    private readonly string _folder;

    public LabPlanes(
        ObjectStore dataPlane, ObjectStore controlPlane, AddressBlock block, IPodExecutor executor, string folder)
    {
        _folder = folder;
        MeshId = "c" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        MeshConfigMaps maps = new(MeshId, _meshAuthority.CaPem + "\n");
        ApiServerOptions options = new()
        {
            Furnish = ns => maps.WriteRoot(dataPlane, ns),
            Certificate = _certificates.CreateServerCertificate(),
            Tokens = new Dictionary<string, ApiUser>
            {
                [_token] = new("lab-admin", ApiAccess.Full, "system:masters"),
                [_viewerToken] = new("viewer", ApiAccess.ReadOnly),
            },
            Executor = executor,
            ServiceAddress = block.Service,
            Signer = Signer,
        };
        _dataPlane = new ApiServer(dataPlane, ResourceTypes.DataPlane, options);
        _controlPlane = new ApiServer(controlPlane, ResourceTypes.ControlPlane, options with
        {
            Executor = null,
            Faults = new(),
            Furnish = null,
        });
        maps.WriteMesh(controlPlane);
        _roots = new RootCertController(dataPlane, maps);
        EastWest = new EastWestGateway(dataPlane, block, _meshAuthority);
        Asm = new AsmEndpoint(dataPlane, controlPlane, new AsmEndpointOptions
        {
            MeshId = MeshId,
            AccessKeyId = AccessKeyId,
            AccessKeySecret = AccessKeySecret,
            Region = Region,
            Kubeconfig = () => File.ReadAllText(MeshKubeconfig),
            ServiceAddress = block.Service,
            Signer = Signer,
            MeshAuthority = _meshAuthority,
            EastWestAddress = block.EastWest,
        });
    }

    /// <summary>Signs the data plane's tokens.</summary>
    public TokenSigner Signer { get; } = new();

    public const string Region = "cn-hangzhou";

    public string Kubeconfig => Path.Combine(_folder, "data-plane.kubeconfig");

    public string MeshKubeconfig => Path.Combine(_folder, "control-plane.kubeconfig");

    public string MeshId { get; }

    public string AccessKeyId { get; } = "lab-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    public string AccessKeySecret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    public AsmEndpoint Asm { get; }

    public EastWestGateway EastWest { get; }

    public ApiFaults DataPlaneFaults => _dataPlane.Faults;

    public ApiFaults ControlPlaneFaults => _controlPlane.Faults;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            _dataPlane.StartAsync(cancellationToken), _controlPlane.StartAsync(cancellationToken),
            Asm.StartAsync(cancellationToken), EastWest.StartAsync(cancellationToken)).ConfigureAwait(false);
        Write(Kubeconfig, "lab", _dataPlane.Uri);
        Write(MeshKubeconfig, "lab-mesh", _controlPlane.Uri);
    }

    /// <summary>Beside the admin's context there is one of a user who may only read.</summary>
    private void Write(string path, string context, Uri server) => KubeconfigFile.Write(
        path, server, _certificates.CaPem,
        [new KubeconfigContext(context, _token), new KubeconfigContext(context + "-viewer", _viewerToken)]);

    public async ValueTask DisposeAsync()
    {
        await _roots.DisposeAsync().ConfigureAwait(false);
        await EastWest.DisposeAsync().ConfigureAwait(false);
        await Asm.DisposeAsync().ConfigureAwait(false);
        await _controlPlane.DisposeAsync().ConfigureAwait(false);
        await _dataPlane.DisposeAsync().ConfigureAwait(false);
        _certificates.Dispose();
        _meshAuthority.Dispose();
    }
}
