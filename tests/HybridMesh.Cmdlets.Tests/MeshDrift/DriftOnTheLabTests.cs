using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>Disagreements made for real, found, and mended by the command that each finding names.</summary>
public sealed class DriftOnTheLabTests(DriftLab lab) : IClassFixture<DriftLab>
{
    private const string Ask = SidecarWorld.Ask;

    [Fact]
    public void AllAgrees_GivesNothing()
    {
        Assert.Empty(Find());
        IReadOnlyList<VmSidecar> sidecars = lab.Host.Run($"$vms | Get-VmSidecar {Ask}").OutputAs<VmSidecar>();

        Assert.All(sidecars, sidecar =>
        {
            Assert.Equal((SidecarState.Ready, SidecarMethod.Package), (sidecar.State, sidecar.Method!.Value));
            Assert.True(sidecar.Agrees);
            Assert.Empty(sidecar.Problems);
            Assert.Equal("istio-ca", sidecar.TokenAudience);
            Assert.InRange(sidecar.TokenExpires!.Value, DateTimeOffset.UtcNow.AddMinutes(30), DateTimeOffset.UtcNow.AddMinutes(61));
            Assert.True(sidecar.CertificateExpires > DateTimeOffset.UtcNow);
            Assert.NotNull(sidecar.SidecarVersion);
            Assert.Equal(sidecar.EntryVersion, sidecar.AppVersion);
        });
        Assert.Equal(3, sidecars.Count);
    }

    [Fact]
    public async Task Version_OfTheEntry_IsMended()
    {
        lab.Host.Expect("Get-WorkloadEntry -Address $vms[1].Address | Set-WorkloadEntryVersion -Version v1");

        await MendAsync(DriftKind.VersionDiffers);
    }

    [Fact]
    public async Task Version_OfTheApp_IsMended()
    {
        lab.Host.Expect("$vms[1] | Start-VmApp -Name hello2 -Image demo/http_springboot_v3:1.0.1");
        try
        {
            await LabFixture.WaitForAsync(() => Task.FromResult(Find().Any(drift => drift.Name == "app")));
            MeshDrift drift = Find().Single(item => item.Name == "app");

            lab.Host.Expect(drift.Command!);

            await LabFixture.WaitForAsync(() => Task.FromResult(Find().Length == 0));
        }
        finally
        {
            lab.Host.Expect("$vms[1] | Start-VmApp -Name hello2 -Image demo/http_springboot_v2:1.0.1");
        }
    }

    [Theory]
    [InlineData(DriftKind.HostRecordStale, "kubernetes.default.svc.cluster.local")]
    [InlineData(DriftKind.HostRecordOrphaned, "gone-svc.drift.svc.cluster.local")]
    public async Task HostRecord_OfOurs_IsMended(DriftKind kind, string name)
    {
        string record = kind == DriftKind.HostRecordStale ? "hello2-svc.drift.svc.cluster.local" : name;
        lab.Host.Expect($"$vms[0] | Add-VmHostRecord -HostName {record} -IPAddress 127.0.0.99");
        try
        {
            Assert.Equal(record, (await MendAsync(kind, keep: [DriftKind.HostRecordHidesDns])).Name);
        }
        finally
        {
            lab.Host.Expect("$vms[0] | Remove-VmHostRecord");
        }
    }

    [Theory]
    [InlineData("127.0.0.99 hello2-svc.drift.svc.cluster.local")]
    [InlineData("127.0.0.99 web\\thello2-svc.drift.svc.cluster.local other")]
    public async Task HostRecord_OfSomebodyElse_IsMended(string line)
    {
        await lab.OnVmAsync(1, $"cp /etc/hosts /tmp/hosts; printf '{line}\\n' >> /etc/hosts");
        try
        {
            await MendAsync(DriftKind.HostRecordShadowed);

            string left = await lab.OnVmAsync(1, "tail -n 1 /etc/hosts");
            Assert.StartsWith("127.0.0.99", left, StringComparison.Ordinal);
            Assert.Equal(line.Contains("web", StringComparison.Ordinal), left.Contains("web", StringComparison.Ordinal));
            Assert.Equal(line.Contains("other", StringComparison.Ordinal), left.Contains("other", StringComparison.Ordinal));
        }
        finally
        {
            await lab.OnVmAsync(1, "cat /tmp/hosts > /etc/hosts");
        }
    }

    [Fact]
    public async Task IstiodRecord_OfYesterday_IsMended()
    {
        await lab.OnVmAsync(3, "cp /etc/hosts /tmp/hosts; sed '0,/ istiod/s/^.* istiod/127.0.0.99 istiod/' /tmp/hosts > /etc/hosts");
        try
        {
            Assert.Equal("127.0.0.99", (await MendAsync(DriftKind.IstiodRecordStale)).Actual);
        }
        finally
        {
            await lab.OnVmAsync(3, "cat /tmp/hosts > /etc/hosts");
        }
    }

    [Fact]
    public async Task Entry_OfNoVm_IsMended()
    {
        Publish("ghost", "127.0.0.98", "");

        Assert.Equal("ghost", (await MendAsync(DriftKind.EntryWithoutVm)).Name);
    }

    [Fact]
    public async Task Entry_Twice_IsMended()
    {
        Publish("twice", lab.Lab.Vms[0].Address, ", version: v1");

        Assert.Equal("twice", (await MendAsync(DriftKind.DuplicateAddress)).Name);
    }

    [Fact]
    public async Task Vm_WithoutEntry_IsMended()
    {
        lab.Host.Expect(DeleteFirst("EntryOfVm2"));

        MeshDrift drift = await MendAsync(DriftKind.VmWithoutEntry);

        Assert.Equal("vm2", drift.VmName);
    }

    [Theory]
    [InlineData(DriftKind.SidecarStopped, "systemctl stop istio")]
    [InlineData(DriftKind.VersionDiffers, "sed -i 's/v2/v1/g' /var/lib/istio/envoy/cluster.env")]
    [InlineData(DriftKind.NetworkDiffers, "sed -i \"s/^ISTIO_META_NETWORK=.*/ISTIO_META_NETWORK='x'/\" /var/lib/istio/envoy/cluster.env")]
    [InlineData(DriftKind.ServiceAccountDiffers, "sed -i \"s/^SERVICE_ACCOUNT=.*/SERVICE_ACCOUNT='x'/\" /var/lib/istio/envoy/cluster.env")]
    [InlineData(DriftKind.LabelsDiffer, "sed -i 's/hello-workload/bye/' /var/lib/istio/envoy/cluster.env")]
    [InlineData(DriftKind.CaptureMissing, "pilot-agent istio-clean-iptables")]
    [InlineData(DriftKind.TokenMissing, "rm /var/run/secrets/tokens/istio-token")]
    public async Task Sidecar_Damaged_IsMended(DriftKind kind, string damage)
    {
        await lab.OnVmAsync(2, damage);

        Assert.Equal("vm2", (await MendAsync(kind)).VmName);
    }

    [Fact]
    public async Task Sidecar_OfAnotherMesh_IsMended()
    {
        string other = FakeSidecar.MakeCertificate(DateTimeOffset.UtcNow.AddYears(5));
        _ = (await LabFixture.RunOnVmAsync(lab.Lab.Vms[1], $"cat > {SidecarPlaces.RootCert}", other)).Text;

        await MendAsync(DriftKind.RootCertificateDiffers);
    }

    [Fact]
    public async Task Token_Expired_IsMended()
    {
        await lab.Lab.AdminAsync("faults/vm/vm2/token/expire");

        Assert.Contains("expired 23 h ago", (await MendAsync(DriftKind.TokenExpires)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sidecar_StoppedDirty_IsMended()
    {
        await lab.Lab.AdminAsync("faults/vm/vm3/sidecar/dirty-stop");
        await lab.OnVmAsync(3, "systemctl stop istio");
        await lab.Lab.AdminAsync("faults/vm/vm3/sidecar/clean-stop");
        MeshDrift[] drifts = Find();

        Assert.Equal([DriftKind.SidecarStopped, DriftKind.CaptureLeft], drifts.Select(drift => drift.Kind).Order());
        lab.Host.Expect(drifts.Single(drift => drift.Kind == DriftKind.CaptureLeft).Command!);
        await LabFixture.WaitForAsync(() => Task.FromResult(Find().Length == 0), seconds: 30);
    }

    private static string DeleteFirst(string file) => $$"""
        $entry = Get-WorkloadEntry -Address $vms[1].Address
        $file = [IO.Path]::Combine([IO.Path]::GetTempPath(), "{{file}}-$($entry.Name).yaml")
        [IO.File]::WriteAllText($file, "{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: $($entry.Name), namespace: drift} }")
        Remove-MeshManifest $file
        """;

    private void Publish(string name, string address, string label)
    {
        string file = Path.Combine(lab.Lab.Path, $"{name}.yaml");
        File.WriteAllText(file, $"""
            apiVersion: networking.istio.io/v1
            kind: WorkloadEntry
            metadata: {"{"}name: {name}, namespace: {DriftLab.Namespace}{"}"}
            spec: {"{"}address: {address}, labels: {"{"}app: hello-workload{label}{"}"}{"}"}
            """);
        lab.Host.Expect($"Publish-MeshManifest '{file}'");
    }

    // Runs the finding's own command and looks again.
    private async Task<MeshDrift> MendAsync(DriftKind kind, params DriftKind[] keep)
    {
        MeshDrift drift = Assert.Single(Find(), drift => !keep.Contains(drift.Kind));
        Assert.Equal(kind, drift.Kind);
        lab.Host.Expect(drift.Command!);
        // A sidecar that was started again takes a moment.
        await LabFixture.WaitForAsync(() => Task.FromResult(Find().All(item => keep.Contains(item.Kind))), seconds: 30);
        return drift;
    }

    private MeshDrift[] Find()
    {
        ScriptRun run = lab.Host.Run($"$vms | Get-MeshDrift {Ask}");
        Assert.Empty(run.Errors);
        return [.. run.OutputAs<MeshDrift>()];
    }
}
