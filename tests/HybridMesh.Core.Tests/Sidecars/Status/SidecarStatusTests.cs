using HybridMesh.Testing;

namespace HybridMesh.Core.Tests;

public sealed class SidecarStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly MeshVm Vm = new() { Name = "vm1", Address = "10.0.0.1" };

    [Fact]
    public async Task ReadAsync_Running_TellsAllOfIt()
    {
        SidecarFacts facts = await ReadAsync(new FakeSidecar
        {
            Env = FakeSidecar.MakeEnv(("ISTIO_NAMESPACE", "hello"), ("CANONICAL_REVISION", "v1")),
            Token = FakeSidecar.MakeToken(Now.AddHours(1)),
            RootCert = FakeSidecar.MakeCertificate(Now.AddYears(9)),
            CertChain = FakeSidecar.MakeCertificate(Now.AddHours(20)),
        });
        VmSidecar sidecar = facts.ToSidecar();

        Assert.Equal(
            (SidecarState.Ready, SidecarMethod.Package, "1.24.1", "hello", "v1"),
            (sidecar.State, sidecar.Method!.Value, sidecar.SidecarVersion, sidecar.Namespace, sidecar.EnvVersion));
        Assert.Equal((Now.AddHours(1), "istio-ca"), (sidecar.TokenExpires, sidecar.TokenAudience));
        Assert.Equal(Now.AddHours(20), sidecar.CertificateExpires);
        Assert.Equal(SidecarCapture.Present, facts.Capture);
    }

    [Theory]
    [InlineData(null, SidecarState.Absent, null)]
    [InlineData("inactive", SidecarState.Stopped, SidecarMethod.Package)]
    [InlineData("failed", SidecarState.Stopped, SidecarMethod.Package)]
    [InlineData("active", SidecarState.Ready, SidecarMethod.Package)]
    public async Task ReadAsync_Service_GivesTheState(string? service, SidecarState state, SidecarMethod? method)
    {
        SidecarFacts facts = await ReadAsync(new FakeSidecar { Service = service });

        Assert.Equal((state, method), (facts.State, facts.Method));
    }

    [Theory]
    [InlineData(true, SidecarState.Ready)]
    [InlineData(false, SidecarState.Stopped)]
    public async Task ReadAsync_Container_GivesItsTag(bool running, SidecarState state)
    {
        SidecarFacts facts = await ReadAsync(new FakeSidecar
        {
            Service = null,
            Container = ("registry.example:5000/acs/asm-vm-proxy:1.8.3-aliyun@sha256:00", running),
            Env = "SERVICE_ACCOUNT='sa'\n",
        });

        Assert.Equal(
            (state, SidecarMethod.Container, "1.8.3-aliyun", "sa"),
            (facts.State, facts.Method!.Value, facts.Version, facts.Env!.ServiceAccount));
    }

    [Fact]
    public async Task ReadAsync_RunsButAnswers503_IsNotReadyAndSaysWhy()
    {
        SidecarFacts facts = await ReadAsync(new FakeSidecar { ReadyStatus = 503 });

        Assert.Equal(SidecarState.NotReady, facts.State);
        Assert.Contains("http://10.0.0.1:15021/healthz/ready answered 503", facts.NotReadyDetail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, SidecarTokenState.Missing)]
    [InlineData("no token", SidecarTokenState.Malformed)]
    [InlineData("a.b.c", SidecarTokenState.Malformed)]
    public async Task ReadAsync_NoToken_IsSaid(string? token, SidecarTokenState state)
    {
        SidecarFacts facts = await ReadAsync(new FakeSidecar { Token = token });

        Assert.Equal(state, facts.TokenState);
        Assert.Null(facts.Token);
    }

    [Theory]
    [InlineData("Bonjour eric", "v2")]
    [InlineData("Hallo eric", null)]
    [InlineData(null, null)]
    public async Task ReadAsync_AppAsked_TellsItsVersion(string? answer, string? version)
    {
        AppVersionQuery query = new(
            new Uri("http://10.0.0.1:8001/hello/eric"), [new("v1", "^Hello"), new("v2", "^Bonjour")], null, TimeSpan.FromSeconds(5));

        SidecarFacts facts = await ReadAsync(new FakeSidecar { App = answer }, query);

        Assert.Equal(version, facts.AppVersion);
        Assert.Equal(version is null, facts.AppDetail is not null);
    }

    [Fact]
    public async Task ReadAsync_ScriptBroken_IsAnErrorAboutTheVm()
    {
        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => ReadAsync(_ => new CommandResult(2, "HybridMesh\nservice active\n", "sh: base64: not found")));

        Assert.Equal(MeshErrorCode.RemoteCommandFailed, error.Code);
        Assert.Equal(Vm, error.ErrorTarget);
    }

    private static Task<SidecarFacts> ReadAsync(FakeSidecar sidecar, AppVersionQuery? app = null) =>
        ReadAsync(sidecar.Answer, app);

    private static async Task<SidecarFacts> ReadAsync(Func<string, CommandResult> answer, AppVersionQuery? app = null)
    {
        FakeRemoteShellConnector vms = new()
        {
            OnRun = (command, _) => Task.FromResult(answer(command.StandardInput!)),
        };
        await using IRemoteShell shell = await vms.ConnectAsync(Vm, new SshOptions(), CancellationToken.None);
        return await SidecarStatus.ReadAsync(shell, app, CancellationToken.None);
    }
}
