using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>
/// Two planes with a namespace of the tests: the lab's, or a real cluster's when tests/test.settings.json names one.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly List<(MeshPlane Plane, KubernetesKind Kind, string Name)> _made = [];
    private LabFixture? _lab;

    public string Namespace { get; private set; } = "hybridmesh-test";

    /// <summary>Both planes.</summary>
    public MeshSession Session { get; private set; } = null!;

    public IKubernetesApi Data => Session.DataPlane;

    public IKubernetesApi Control => Session.ControlPlane;

    /// <summary>The data plane's kubeconfig file; null for kubectl's defaults.</summary>
    public string? Kubeconfig { get; private set; }

    public string? Context { get; private set; }

    /// <summary>The WorkloadEntry kind in the version the cluster prefers.</summary>
    public KubernetesKind WorkloadEntry { get; private set; } = null!;

    public static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async Task InitializeAsync()
    {
        ConnectMeshRequest request;
        if (TestSettings.Current is { } settings)
        {
            Namespace = settings.Namespace;
            request = new()
            {
                Kubeconfig = settings.Kubeconfig,
                Context = settings.Context,
                MeshKubeconfig = settings.MeshKubeconfig,
                MeshContext = settings.MeshContext,
            };
        }
        else
        {
            _lab = await LabFixture.StartAsync(1);
            request = new() { Kubeconfig = _lab.Kubeconfig, MeshKubeconfig = _lab.MeshKubeconfig };
        }

        Kubeconfig = request.Kubeconfig;
        Context = request.Context;
        Session = await new MeshConnector(new KubernetesApiFactory(TimeProvider.System), new NoAsm())
            .ConnectAsync(request, _ => { }, Limit());
        TestSettings.Current?.Require(Data.Context, Control.Context);
        foreach (IKubernetesApi api in new[] { Data, Control }.Distinct())
        {
            await EnsureNamespaceAsync(api);
        }

        WorkloadEntry = KubernetesKinds.Pick(
            await Control.DiscoverAsync(Limit()), "networking.istio.io", "WorkloadEntry")!;
    }

    /// <summary>A name nobody else uses, whose object is removed after the tests.</summary>
    public string NewName(MeshPlane plane, KubernetesKind kind)
    {
        string name = $"hm-{Guid.NewGuid().ToString("N")[..12]}";
        lock (_made)
        {
            _made.Add((plane, kind, name));
        }

        return name;
    }

    public async Task DisposeAsync()
    {
        if (Session is not null)
        {
            foreach ((MeshPlane plane, KubernetesKind kind, string name) in _made)
            {
                await Session[plane].DeleteAsync(
                    kind, kind.Namespaced ? Namespace : null, name, uid: null, dryRun: false, Limit());
            }

            // The namespace stays: without controllers an API server never finishes removing one, and the next run
            // could not use it.
            await Session.DisposeAsync();
        }

        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    private Task<JsonObject> EnsureNamespaceAsync(IKubernetesApi api) => api.ApplyAsync(
        KubernetesKind.Namespace,
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = Namespace },
        },
        new ApplyOptions("hybridmesh-test"),
        Limit());

    private sealed class NoAsm : IAsmApiFactory
    {
        public Task<IAsmApi> OpenAsync(AsmOptions options, CancellationToken cancellationToken) =>
            throw new NotSupportedException("These tests connect by kubeconfig.");
    }
}

/// <summary>All tests against one cluster share it.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<ClusterFixture>
{
    public const string Name = "Cluster";
}
