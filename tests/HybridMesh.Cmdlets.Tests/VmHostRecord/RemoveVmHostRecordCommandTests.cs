using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class RemoveVmHostRecordCommandTests : VmHostRecordCommandTests
{
    private const string Vm = "@{ Name = 'vm1'; Address = '10.0.0.1' }";

    public RemoveVmHostRecordCommandTests() =>
        Mesh.Run($"{Vm} | Add-VmHostRecord hello3-svc; {Vm} | Add-VmHostRecord -HostName b.example -IPAddress 10.1.1.1");

    [Fact]
    public void NoName_RemovesAllOfOurs()
    {
        ScriptRun run = Mesh.Run($"{Vm} | Remove-VmHostRecord");

        Assert.All(run.OutputAs<VmHostRecord>(), record => Assert.Equal(ChangeAction.Removed, record.Action));
        Assert.Equal(2, run.Output.Count);
        Assert.Equal("127.0.0.1 localhost\n", Files.Hosts["vm1"]);
    }

    [Fact]
    public void PipedRecord_RemovesThatOneOnly()
    {
        Mesh.Host.Expect($"{Vm} | Get-VmHostRecord -HostName b.example | Remove-VmHostRecord");

        Assert.Contains(Svc, Files.Hosts["vm1"], StringComparison.Ordinal);
        Assert.DoesNotContain("b.example", Files.Hosts["vm1"], StringComparison.Ordinal);
    }

    [Fact]
    public void SecondRun_IsUnchanged()
    {
        Mesh.Run($"{Vm} | Remove-VmHostRecord -ServiceName hello3-svc");

        ScriptRun run = Mesh.Run($"{Vm} | Remove-VmHostRecord -ServiceName hello3-svc");

        Assert.Equal(ChangeAction.Unchanged, Assert.Single(run.OutputAs<VmHostRecord>()).Action);
    }

    [Fact]
    public void WhatIf_ChangesNothing()
    {
        string before = Files.Hosts["vm1"];

        ScriptRun run = Mesh.Run($"{Vm} | Remove-VmHostRecord -WhatIf");

        Assert.Equal(before, Files.Hosts["vm1"]);
        Assert.Contains("Remove 172.19.0.3", run.HostText, StringComparison.Ordinal);
    }
}
