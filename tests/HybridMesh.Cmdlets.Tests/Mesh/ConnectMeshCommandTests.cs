using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class ConnectMeshCommandTests : IDisposable
{
    private const string MeshId = "c0123456789abcdef0123456789abcdef";

    private readonly CmdletHost _host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
    private readonly FakeKubernetesApi _data = new() { Server = new("https://data.invalid"), DefaultNamespace = "team" };
    private readonly FakeKubernetesApi _control = new() { Server = new("https://control.invalid") };
    private readonly FakeKubernetesApiFactory _servers = new();
    private readonly FakeAsmApiFactory _asm = new();
    private readonly MeshRuntime _runtime;

    public ConnectMeshCommandTests()
    {
        _runtime = MeshRuntime.For(_host.Runspace);
        _runtime.Kubernetes = _servers;
        _runtime.Asm = _asm;
        _servers.Servers["k"] = _data;
        _servers.Servers["m"] = _control;
        _servers.Servers["from-asm"] = _control;
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public void TwoKubeconfigs_AreTwoPlanes()
    {
        MeshConnection connection = Connect("Connect-Mesh k -Context a -MeshKubeconfig m -MeshContext b -PassThru");

        Assert.Equal(("https://data.invalid/", "https://control.invalid/", false),
            (connection.DataPlane.Server.ToString(), connection.ControlPlane.Server.ToString(), connection.SingleCluster));
        Assert.Equal([("k", "a"), ("m", "b")], _servers.Opened);
        Assert.Equal(("team", "v1.36.0", true),
            (connection.Namespace, connection.DataPlane.Version, connection.ControlPlane.Reachable));
        Assert.Contains("WorkloadEntry v1beta1", connection.IstioKinds);
    }

    [Fact]
    public void OneKubeconfig_IsOneClusterForBoth()
    {
        Assert.True(Connect("Connect-Mesh -Kubeconfig k -Namespace other -PassThru") is { SingleCluster: true, Namespace: "other" });
    }

    [Fact]
    public void SameClusterTwice_IsOneCluster()
    {
        _servers.Servers["k2"] = new FakeKubernetesApi { Server = _data.Server };

        Assert.True(Connect("Connect-Mesh k -MeshKubeconfig k2 -PassThru").SingleCluster);
    }

    [Fact]
    public void MeshContextAlone_IsAContextOfTheSameKubeconfig()
    {
        Connect("Connect-Mesh -Kubeconfig k -MeshContext b -PassThru");

        Assert.Equal([("k", null), ("k", "b")], _servers.Opened);
    }

    [Fact]
    public void MeshId_FetchesTheControlPlanesKubeconfig()
    {
        MeshConnection connection =
            Connect($"Connect-Mesh -Kubeconfig k -MeshId {MeshId} -Region r -Profile p -AsmEndpoint http://127.0.0.1:9 -PassThru");

        Assert.Equal(MeshId, connection.MeshId);
        Assert.Equal([("k", null), ("from-asm", null)], _servers.Opened);
        Assert.Equal(new AsmOptions { Endpoint = new("http://127.0.0.1:9"), Region = "r", Profile = "p" }, _asm.Options);
    }

    [Fact]
    public void WithoutPassThru_WritesNothingButConnects()
    {
        ScriptRun run = _host.Run("Connect-Mesh k");

        Assert.Empty(run.Output);
        Assert.Empty(run.Errors);
        Assert.NotNull(_runtime.Current);
    }

    [Fact]
    public void OnePlaneUnreachable_IsAWarningAndAConnection()
    {
        Unreachable(_control, "control is down");

        ScriptRun run = _host.Run("Connect-Mesh k -MeshKubeconfig m -PassThru");

        Assert.Contains("The control plane does not answer", Assert.Single(run.Warnings));
        MeshConnection connection = Assert.Single(run.OutputAs<MeshConnection>());
        Assert.Equal((false, "control is down"), (connection.ControlPlane.Reachable, connection.ControlPlane.Detail));
    }

    [Fact]
    public void BothPlanesUnreachable_IsAnErrorAndNoConnection()
    {
        Unreachable(_data, "data is down");
        Unreachable(_control, "control is down");

        ScriptRun run = _host.Run("Connect-Mesh k -MeshKubeconfig m -PassThru");

        Assert.Equal(["ApiUnreachable"], run.ErrorIds);
        Assert.Contains("data is down", run.Errors[0].Exception.Message);
        Assert.Contains("control is down", run.Errors[0].Exception.Message);
        Assert.Null(_runtime.Current);
        Assert.True(_data.IsDisposed && _control.IsDisposed);
    }

    [Fact]
    public void NoIstioKinds_IsAWarning()
    {
        _control.Kinds.RemoveAll(kind => kind.Group.EndsWith(".istio.io", StringComparison.Ordinal));

        Assert.Contains("Istio is not installed", Assert.Single(_host.Run("Connect-Mesh k -MeshKubeconfig m").Warnings));
    }

    [Fact]
    public void ScriptBlockForAPlainValue_IsRefused()
    {
        Assert.Equal(["ParameterArgumentTransformationError"], _host.Run("Connect-Mesh k -Namespace { 'x' }").ErrorIds);
    }

    [Fact]
    public void NotConnected_OtherCommandsTakeKubeconfigDefaults()
    {
        _servers.Servers[""] = _data;
        _data.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "team" } }""");

        ScriptRun run = _host.Run("Get-MeshPod; Get-MeshConnection");

        Assert.Empty(run.Errors);
        Assert.Equal([("", null)], _servers.Opened);
        Assert.Single(run.OutputAs<MeshConnection>());
    }

    [Fact]
    public void NotConnected_WithoutKubeconfig_SaysHowToConnect()
    {
        ScriptRun run = _host.Run("Get-MeshPod");

        Assert.Equal(["NotConnected"], run.ErrorIds);
        Assert.Contains("Connect-Mesh -Lab", run.Errors[0].Exception.Message);
    }

    [Fact]
    public void Stop_WhileProbing_EndsWithinASecond()
    {
        TaskCompletionSource asked = new();
        _data.OnCall = (_, token) =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        using RunningScript running = _host.Start("Connect-Mesh k");
        running.WaitUntil(() => asked.Task.IsCompleted, "the server was asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
        Assert.Null(_runtime.Current);
    }

    private MeshConnection Connect(string script) => (MeshConnection)Assert.Single(_host.Expect(script)).BaseObject;

    private static void Unreachable(FakeKubernetesApi server, string reason) =>
        server.OnCall = (_, _) => throw new MeshException(MeshErrorCode.ApiUnreachable, reason);

    private sealed class FakeAsmApiFactory : IAsmApiFactory
    {
        public AsmOptions? Options { get; private set; }

        public Task<IAsmApi> OpenAsync(AsmOptions options, CancellationToken cancellationToken)
        {
            Options = options;
            return Task.FromResult<IAsmApi>(new FakeAsmApi());
        }
    }

    private sealed class FakeAsmApi : IAsmApi
    {
        public Uri Endpoint { get; } = new("http://127.0.0.1:9");

        public Task AddVmAppToMeshAsync(AsmVmAppRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task RemoveVmAppFromMeshAsync(
            string meshId, string ns, string serviceName, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<string> GetKubeconfigAsync(string meshId, bool privateAddress, CancellationToken cancellationToken) =>
            Task.FromResult("from-asm");

        public Task<System.Text.Json.Nodes.JsonObject> GetMeshAsync(string meshId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, string>> GetVmMetaAsync(
            string meshId, string? ns, string? serviceAccount, string? trustDomain, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
