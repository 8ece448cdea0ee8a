using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>New-VmSidecarConfig with Alibaba Cloud's GetVmMeta.</summary>
public sealed class SidecarByAsmTests : IDisposable
{
    private const string New = "New-VmSidecarConfig -WorkloadGroup group1 -Provider Asm";
    private const string Env = "ISTIO_META_CLUSTER_ID='c1'\nFOO='kept'\n";

    private readonly SidecarMesh _mesh = new();
    private readonly FakeAsmApi _asm;

    public SidecarByAsmTests()
    {
        _asm = new FakeAsmApi(_mesh.Mesh.DataPlane, _mesh.Mesh.ControlPlane);
        _asm.VmMeta["EnvoyEnvContent"] = Env;
        _asm.VmMeta["HostsContent"] = "10.4.4.4 istiod.istio-system.svc\n";
        _asm.VmMeta["TokenContent"] = "secret-token";
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Meta_OfToday_IsCompletedFromTheMesh()
    {
        Connect();

        VmSidecarConfig config = Assert.Single(_mesh.Configs(New));

        Assert.Equal(Env, config.Find("cluster.env")!.GetText());
        Assert.Equal("secret-token", config.Find("istio-token")!.GetText());
        Assert.Equal("fake root\n", config.Find("root-cert.pem")!.GetText());
        Assert.Contains("CANONICAL_SERVICE: shop", config.Find("mesh.yaml")!.GetText());
        Assert.Equal((MeshProvider.Asm, "c1", "10.4.4.4"), (config.Provider, config.ClusterId, config.IngressIP));
        Assert.Equal(0, _mesh.Tokens);
    }

    [Fact]
    public void Meta_OfTwelveFieldsAndMore_IsKept()
    {
        Connect();
        foreach (string name in new[] { "RootCert", "Key", "CertChain" })
        {
            _asm.VmMeta[$"{name}Content"] = $"<{name}>";
            _asm.VmMeta[$"{name}Path"] = $"/some/{name}";
        }

        _asm.VmMeta["EnvoyEnvPath"] = "/some/cluster.env";
        _asm.VmMeta["HostsPath"] = "/some/hosts";
        _asm.VmMeta["TokenPath"] = "/some/token";
        _asm.VmMeta["NewField"] = "kept";

        VmSidecarConfig config = Assert.Single(_mesh.Configs(New));

        IReadOnlyDictionary<string, string> meta = config.ToAsmMeta();
        Assert.All(_asm.VmMeta, pair => Assert.Equal(pair.Value, meta[pair.Key]));
        Assert.Equal("<Key>", config.Find("key.pem")!.GetText());
        Assert.Equal("<CertChain>", config.Find("cert-chain.pem")!.GetText());
        Assert.Equal("<RootCert>", config.Find("root-cert.pem")!.GetText());
    }

    [Fact]
    public void Vms_PutTheirOwnOnTop()
    {
        Connect();

        IReadOnlyList<VmSidecarConfig> configs = _mesh.Configs($"$vms | {New}");

        Assert.Equal(
            Env + "ISTIO_LOCAL_EXCLUDE_PORTS='22,15090,15021,15020,2222'\nISTIO_SVC_IP='10.0.0.2'\nCANONICAL_REVISION='v2'\n"
                + "ISTIO_METAJSON_LABELS='{\"app\":\"shop\",\"service.istio.io/canonical-revision\":\"v2\",\"version\":\"v2\","
                + "\"zone\":\"b\"}'\n",
            configs[1].Find("cluster.env")!.GetText());
    }

    [Fact]
    public void Config_OfIstio_GoesToAsmsShapeAndBack()
    {
        VmSidecarConfig istio = Assert.Single(_mesh.Configs("New-VmSidecarConfig -WorkloadGroup group1"));

        VmSidecarConfig back = VmSidecarConfig.FromAsmMeta(istio.ToAsmMeta(), "hello", "group1", "shop-sa", vm: null);

        Assert.Equal(istio.Files.Select(file => (file.Name, file.GetText())), back.Files.Select(file => (file.Name, file.GetText())));
        Assert.Equal((istio.TokenExpires, istio.ClusterId, istio.IngressIP), (back.TokenExpires, back.ClusterId, back.IngressIP));
        Assert.Equal("/opt/asm_vm_proxy/meta/cluster.env", istio.ToAsmMeta()["EnvoyEnvPath"]);
    }

    [Fact]
    public void Secrets_AreInNoTableAndNoProperty()
    {
        Connect();
        _asm.VmMeta["KeyContent"] = "secret-key";

        string shown = _mesh.Mesh.Host.Render(New);

        Assert.Contains("group1", shown);
        Assert.DoesNotContain("secret-", shown);
        Assert.DoesNotContain("secret-", System.Text.Json.JsonSerializer.Serialize(_mesh.Configs(New)));
    }

    [Fact]
    public void Operation_Withdrawn_TellsOfTheOtherProvider()
    {
        Connect();
        _asm.OnCall = () => throw new MeshException(MeshErrorCode.AsmOperationWithdrawn, "GetVmMeta is gone.");

        ScriptRun run = _mesh.Run(New);

        Assert.Equal(["AsmOperationWithdrawn"], run.ErrorIds);
        Assert.Contains("-Provider Istio", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Meta_WithoutToken_NamesTheField()
    {
        Connect();
        _asm.VmMeta.Remove("TokenContent");

        ScriptRun run = _mesh.Run(New);

        Assert.Equal(["SidecarConfigInvalid"], run.ErrorIds);
        Assert.Contains("TokenContent", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_WithoutMeshId_NamesConnectMesh() => Assert.Equal(["NotConnected"], _mesh.Run(New).ErrorIds);

    private void Connect()
    {
        FakeMesh mesh = _mesh.Mesh;
        mesh.Runtime.Add(new MeshSession(
            mesh.Connection with { MeshId = "c08ba3fd1e6484b0f8cc1ad8fe10d0001" }, mesh.DataPlane, mesh.ControlPlane, _asm));
    }
}
