using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>What Get-MeshDrift finds on the VMs: sidecars and hosts files.</summary>
public sealed class VmDriftTests : IDisposable
{
    private const string Svc = "hello3-svc.hello.svc.cluster.local";
    private const string Istiod = SidecarWorld.Gateway + " istiod.istio-system.svc";
    private static readonly DateTimeOffset Now = SidecarWorld.Now;

    private readonly SidecarWorld _world = new();

    private FakeSidecar Vm2 => _world.Sidecars["vm2"];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Sidecar_Absent_IsInstalledByItsCommand()
    {
        _world.Sidecars["vm2"] = new FakeSidecar { Service = null, Capture = "none" };

        MeshDrift drift = One();

        Assert.Equal((DriftKind.SidecarAbsent, "Absent"), (drift.Kind, drift.Actual!));
        Assert.EndsWith("New-VmSidecarConfig -ServiceName 'hello2-svc' -Namespace 'hello' | Install-VmSidecar", drift.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void Sidecar_Stopped_SaysWhatTheServiceIs()
    {
        Vm2.Service = "failed";
        Vm2.Capture = "none";

        MeshDrift drift = One();

        Assert.Equal(DriftKind.SidecarStopped, drift.Kind);
        Assert.Contains("(it is failed)", drift.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sidecar_NotReady_SaysWhatItAnswered()
    {
        Vm2.ReadyStatus = 503;

        MeshDrift drift = One();

        Assert.Equal(DriftKind.SidecarNotReady, drift.Kind);
        Assert.Contains("answered 503", drift.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sidecar_InAContainer_IsInstalledAsOne()
    {
        Vm2.Service = null;
        Vm2.Container = ("demo/proxy:1", false);
        Vm2.Capture = "none";

        Assert.EndsWith("Install-VmSidecar -Method Container -Image 'demo/proxy:1'", One().Command, StringComparison.Ordinal);
    }

    // Trap 6.
    [Theory]
    [InlineData(-2, "lost its token when it was rebooted 2 h ago")]
    [InlineData(-48, "has no token")]
    public void Token_Missing_SaysWhetherARebootTookIt(int bootHours, string words)
    {
        Vm2.Token = null;
        Vm2.BootedAt = Now.AddHours(bootHours);
        Vm2.InstalledAt = Now.AddHours(-24);

        MeshDrift drift = One();

        Assert.Equal(DriftKind.TokenMissing, drift.Kind);
        Assert.Contains(words, drift.Message, StringComparison.Ordinal);
        Assert.Equal($"@{{ Name = 'vm2'; Address = '{FakeScenario.Vm(2)}'; Version = 'v2' }} | Update-VmSidecarToken", drift.Command);
    }

    // Trap 6: tokens last an hour.
    [Theory]
    [InlineData(-180, DriftSeverity.Error, "expired 3 h ago")]
    [InlineData(9, DriftSeverity.Warning, "expires in 9 min")]
    [InlineData(11, null, "")]
    public void Token_Ending_IsSaid(int minutes, DriftSeverity? severity, string words)
    {
        Vm2.Token = FakeSidecar.MakeToken(Now.AddMinutes(minutes));

        MeshDrift? drift = Find("$vms | Get-MeshDrift").SingleOrDefault();

        Assert.Equal(severity, drift?.Severity);
        Assert.Contains(words, drift?.Message ?? "", StringComparison.Ordinal);
    }

    // Update-VmSidecarToken leaves a token alone that has half of its time left, unless it is told otherwise.
    [Theory]
    [InlineData(9, " | Update-VmSidecarToken -IfExpiresWithin 600")]
    [InlineData(-9, " | Update-VmSidecarToken")]
    public void Token_Ending_IsRenewedAlsoWhenItIsStillGood(int minutes, string command)
    {
        Vm2.Token = FakeSidecar.MakeToken(Now.AddMinutes(minutes));

        Assert.EndsWith(command, One().Command, StringComparison.Ordinal);
    }

    [Fact]
    public void ExpiresWithin_LooksFurtherAhead() =>
        Assert.Equal(3, Find("$vms | Get-MeshDrift -ExpiresWithin 2h").Count(drift => drift.Kind == DriftKind.TokenExpires));

    [Fact]
    public void Token_ForSomebodyElse_IsSaid()
    {
        Vm2.Token = FakeSidecar.MakeToken(Now.AddHours(1), "kubernetes.default.svc");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.TokenAudience, "istio-ca", "kubernetes.default.svc"), (drift.Kind, drift.Expected!, drift.Actual!));
    }

    [Fact]
    public void Certificate_Ended_IsSaid()
    {
        Vm2.CertChain = FakeSidecar.MakeCertificate(Now.AddHours(-1), "workload");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.CertificateExpires, DriftSeverity.Error, "cert-chain.pem"), (drift.Kind, drift.Severity, drift.Name!));
    }

    [Fact]
    public void RootCertificate_OfAnotherMesh_IsSaid()
    {
        Vm2.RootCert = FakeSidecar.MakeCertificate(Now.AddYears(5));

        Assert.Equal(DriftKind.RootCertificateDiffers, One().Kind);
    }

    // Trap 10: WRONG_VERSION_NUMBER, and iptables left dirty after stop.
    [Theory]
    [InlineData("active", "none", DriftKind.CaptureMissing)]
    [InlineData("inactive", "present", DriftKind.CaptureLeft)]
    [InlineData("active", "unknown", null)]
    public void Capture_NotAsTheSidecarIs_IsSaid(string service, string capture, DriftKind? kind)
    {
        Vm2.Service = service;
        Vm2.Capture = capture;

        Assert.Equal(
            kind, Find("$vms | Get-MeshDrift").Select(drift => (DriftKind?)drift.Kind).FirstOrDefault(found => found != DriftKind.SidecarStopped));
    }

    [Fact]
    public void Capture_OfOnesOwnMaking_IsFine()
    {
        Vm2.Env = SidecarWorld.Env(2, ("ISTIO_CUSTOM_IP_TABLES", "true"));
        Vm2.Capture = "none";

        Assert.Empty(Find("$vms | Get-MeshDrift"));
    }

    // Trap 11.
    [Theory]
    [InlineData(true, "172.19.9.9", DriftKind.HostRecordStale, "Add-VmHostRecord -ServiceName 'hello3-svc' -Namespace 'hello'")]
    [InlineData(false, "172.19.9.9", DriftKind.HostRecordShadowed, "ssh '192.168.0.171'")]
    [InlineData(true, FakeScenario.Hello3ClusterIP, null, "")]
    [InlineData(false, FakeScenario.Hello3ClusterIP, null, "")]
    public void HostRecord_OfAService_MustBeItsClusterIP(bool own, string address, DriftKind? kind, string command)
    {
        Vm2.Hosts = own ? SidecarWorld.Own(Istiod, $"{address} {Svc}") : $"{address} {Svc}\n{SidecarWorld.Own(Istiod)}";

        MeshDrift? drift = Find("$vms | Get-MeshDrift").SingleOrDefault();

        Assert.Equal(kind, drift?.Kind);
        Assert.Contains(command, drift?.Command ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void HostRecord_OfAServiceThatIsGone_IsRemovedByItsCommand()
    {
        Vm2.Hosts = SidecarWorld.Own(Istiod, "172.19.0.3 gone-svc.hello.svc.cluster.local");

        MeshDrift drift = One();

        Assert.Equal(DriftKind.HostRecordOrphaned, drift.Kind);
        Assert.EndsWith("Remove-VmHostRecord -HostName 'gone-svc.hello.svc.cluster.local'", drift.Command, StringComparison.Ordinal);
    }

    // Trap 11: a line in the hosts file wins over the agent's DNS.
    [Fact]
    public void HostRecord_ThatHidesDnsCapture_IsNoted()
    {
        Vm2.Env = SidecarWorld.Env(2, ("ISTIO_META_DNS_CAPTURE", "true"));
        Vm2.Hosts = SidecarWorld.Own(Istiod, $"{FakeScenario.Hello3ClusterIP} {Svc}");

        MeshDrift drift = One();

        Assert.Equal((DriftKind.HostRecordHidesDns, DriftSeverity.Information), (drift.Kind, drift.Severity));
    }

    [Fact]
    public void IstiodRecord_IsTodaysGateway()
    {
        Vm2.Hosts = SidecarWorld.Own("172.20.0.1 istiod.istio-system.svc");

        MeshDrift drift = One();

        Assert.Equal(
            (DriftKind.IstiodRecordStale, SidecarWorld.Gateway, "172.20.0.1"), (drift.Kind, drift.Expected!, drift.Actual!));
        Assert.EndsWith(
            $"Add-VmHostRecord -HostName 'istiod.istio-system.svc' -IPAddress '{SidecarWorld.Gateway}'", drift.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void HostsFile_Damaged_IsAFindingAndTheRestIsCompared()
    {
        Vm2.Hosts = "# BEGIN HybridMesh (managed block, do not edit)\n";
        Vm2.ReadyStatus = 503;

        Assert.Equal(
            [DriftKind.HostsFileDamaged, DriftKind.SidecarNotReady],
            Find("$vms | Get-MeshDrift").Select(drift => drift.Kind).Order());
    }

    private MeshDrift One() => Assert.Single(Find("$vms | Get-MeshDrift"));

    private MeshDrift[] Find(string command)
    {
        ScriptRun run = _world.Mesh.Run(SidecarWorld.Vms + command);
        Assert.Empty(run.Errors);
        return [.. run.OutputAs<MeshDrift>()];
    }
}
