using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetVmHostRecordCommandTests : VmHostRecordCommandTests
{
    [Fact]
    public void OwnAndForeignRecordsOfMeshNames_AreShown()
    {
        Files.Hosts["vm1"] = $"127.0.0.1 localhost\n10.9.9.9 {Svc}\n";
        Mesh.Run("@{ Name = 'vm1'; Address = '10.0.0.1' } | Add-VmHostRecord hello3-svc");

        IReadOnlyList<VmHostRecord> records =
            Mesh.Run("@{ Name = 'vm1'; Address = '10.0.0.1' } | Get-VmHostRecord").OutputAs<VmHostRecord>();

        Assert.Equal(
            [(HostRecordOwner.Foreign, true), (HostRecordOwner.HybridMesh, false)],
            records.Select(record => (record.Owner, record.Shadows)));
    }

    [Theory]
    [InlineData("-ServiceName hello3-svc", 1)]
    [InlineData("-ServiceName hello3-svc -Namespace other", 0)]
    [InlineData("-HostName b.example", 1)]
    [InlineData("", 2)]
    public void Names_Select(string parameters, int count)
    {
        string vm = "@{ Name = 'vm1'; Address = '10.0.0.1' }";
        Mesh.Run($"{vm} | Add-VmHostRecord hello3-svc; {vm} | Add-VmHostRecord -HostName b.example -IPAddress 10.1.1.1");

        Assert.Equal(count, Mesh.Run($"{vm} | Get-VmHostRecord {parameters}").Output.Count);
    }

    [Fact]
    public void DamagedBlock_IsAnErrorNamingTheVm()
    {
        Files.Hosts["vm1"] = "# BEGIN HybridMesh (managed block, do not edit)\n";

        ScriptRun run = Mesh.Run("@{ Name = 'vm1'; Address = '10.0.0.1' } | Get-VmHostRecord");

        Assert.Equal("HostsFileDamaged", Assert.Single(run.ErrorIds));
        Assert.Equal("vm1", ((MeshVm)run.Errors[0].TargetObject).Name);
    }

    [Fact]
    public void View_ShowsWhatMatters()
    {
        Mesh.Run("@{ Name = 'vm1'; Address = '10.0.0.1' } | Add-VmHostRecord hello3-svc");

        string table = Mesh.Host.Render("@{ Name = 'vm1'; Address = '10.0.0.1' } | Get-VmHostRecord");

        Assert.Contains("VmName", table, StringComparison.Ordinal);
        Assert.Contains("172.19.0.3", table, StringComparison.Ordinal);
        Assert.Contains("HybridMesh", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly()
    {
        Mesh.Vms.OnRun = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("unreachable");
        };
        using RunningScript running = Mesh.Host.Start($"{TwoVms} $vms | Get-VmHostRecord");
        running.WaitUntil(() => Mesh.Vms.Commands.Count == 2, "both VMs are asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
    }
}
