using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class AddVmHostRecordCommandTests : VmHostRecordCommandTests
{
    [Fact]
    public void ServiceName_IsLookedUpOnceAndRecordedOnEveryVm()
    {
        ScriptRun run = Mesh.Run($"{TwoVms} $vms | Add-VmHostRecord -ServiceName hello3-svc");

        Assert.Empty(run.Errors);
        Assert.Equal(
            [("vm1", Svc, "172.19.0.3", ChangeAction.Created), ("vm2", Svc, "172.19.0.3", ChangeAction.Created)],
            run.OutputAs<VmHostRecord>().OrderBy(r => r.VmName).Select(r => (r.VmName, r.HostName, r.IPAddress!, r.Action!.Value)));
        Assert.Single(Mesh.DataPlane.Calls);
        Assert.Equal(0, Mesh.Vms.OpenShells);
    }

    [Fact]
    public void SecondRun_IsUnchangedAndWritesNothing()
    {
        string script = $"{TwoVms} $vms | Add-VmHostRecord hello3-svc";
        Mesh.Run(script);

        ScriptRun run = Mesh.Run(script);

        Assert.All(run.OutputAs<VmHostRecord>(), record => Assert.Equal(ChangeAction.Unchanged, record.Action));
        Assert.Equal(2, Files.Writes);
    }

    [Fact]
    public void View_OnANarrowTerminal_TellsWhatWasDone()
    {
        string script = $"{TwoVms} $vms | Add-VmHostRecord hello3-svc";
        Mesh.Run(script);
        Mesh.Run("$Host.UI.RawUI.BufferSize = [Management.Automation.Host.Size]::new(60, 1000)");

        string table = Mesh.Host.Render(script);

        Assert.Matches(@"VmName\s+Action\s+IPAddress\s+Resolves", table);
        Assert.Contains("Unchanged", table, StringComparison.Ordinal);
    }

    [Fact]
    public void HostNameAndAddress_NeedNoMesh()
    {
        Mesh.Run("Disconnect-Mesh");

        ScriptRun run = Mesh.Run("@{ Name = 'vm1'; Address = '10.0.0.1' } | Add-VmHostRecord -HostName a.example -IPAddress 10.1.1.1");

        Assert.Equal("a.example", Assert.Single(run.OutputAs<VmHostRecord>()).HostName);
    }

    [Fact]
    public void WhatIf_SaysWhatWouldChangeAndChangesNothing()
    {
        ScriptRun run = Mesh.Run($"{TwoVms} $vms | Add-VmHostRecord hello3-svc -WhatIf");

        Assert.Empty(run.Output);
        Assert.Equal(0, Files.Writes);
        Assert.Contains($"Add 172.19.0.3 {Svc}", run.HostText, StringComparison.Ordinal);
        Assert.Contains("/etc/hosts on VM 'vm2'", run.HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void OneVmFails_TheRestGoOnAndTheErrorsTargetCanBePipedAgain()
    {
        Mesh.Vms.ConnectFailures["vm1"] = new MeshException(MeshErrorCode.VmUnreachable, "down");

        ScriptRun run = Mesh.Run($"{TwoVms} $vms | Add-VmHostRecord hello3-svc");

        Assert.Equal("VmUnreachable", Assert.Single(run.ErrorIds));
        Assert.Equal("vm2", Assert.Single(run.OutputAs<VmHostRecord>()).VmName);
        MeshVm target = Assert.IsType<MeshVm>(run.Errors[0].TargetObject);
        Mesh.Vms.ConnectFailures.Clear();
        Mesh.Host.With("again", target);
        Assert.Equal("vm1", Assert.Single(Mesh.Run("$again | Add-VmHostRecord hello3-svc").OutputAs<VmHostRecord>()).VmName);
    }

    [Fact]
    public void HeadlessService_IsAnErrorThatNamesTheWayOut()
    {
        ScriptRun run = Mesh.Run($"{TwoVms} $vms | Add-VmHostRecord headless");

        Assert.Equal("ArgumentInvalid", Assert.Single(run.ErrorIds));
        Assert.Contains("-IPAddress", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(Mesh.Vms.Connections);
    }

    [Fact]
    public void UnknownService_IsObjectNotFound()
    {
        Assert.Equal("ObjectNotFound", Assert.Single(Mesh.Run($"{TwoVms} $vms | Add-VmHostRecord nope").ErrorIds));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Name = 'a'; Address = '10.0.0.9'; SshHost = '1.2.3.4'; SshPort = '2222'; User = 'u'; KeyFile = '/k'; KnownHostsFile = '/h' }")]
    [InlineData("@{ name = 'a'; ADDRESS = '10.0.0.9'; SshHost = '1.2.3.4'; SshPort = 2222; User = 'u'; KeyFile = '/k'; KnownHostsFile = '/h' }")]
    [InlineData("[HybridMesh.Core.MeshVm]@{ Name = 'a'; Address = '10.0.0.9'; SshHost = '1.2.3.4'; SshPort = 2222; User = 'u'; KeyFile = '/k'; KnownHostsFile = '/h' }")]
    [InlineData("[pscustomobject]@{ VmName = 'a'; Name = 'entry-1'; Address = '10.0.0.9'; SshHost = '1.2.3.4'; SshPort = 2222; User = 'u'; KeyFile = '/k'; KnownHostsFile = '/h' }")]
    public void Vm_AnyObjectThatDescribesOne_Binds(string text)
    {
        Mesh.Host.Expect($"{text} | Add-VmHostRecord -HostName a -IPAddress 10.1.1.1");

        MeshVm vm = Assert.Single(Mesh.Vms.Connections).Vm;
        Assert.Equal(("a", "10.0.0.9", "1.2.3.4", 2222, "u", "/k", "/h"),
            (vm.Name, vm.Address, vm.SshHost, vm.SshPort, vm.User, vm.KeyFile, vm.KnownHostsFile));
    }

    [Theory]
    [InlineData("'vm1'", "is a text, not a VM")]
    [InlineData("[pscustomobject]@{ Name = 'a' }", "neither Address nor SshHost")]
    [InlineData("@{ Address = '10.0.0.1'; SshPort = 'ssh' }", "SshPort 'ssh'")]
    [InlineData("@{ Address = '10.0.0.1'; SshPort = 70000 }", "SshPort '70000'")]
    public void Vm_ThatIsNone_IsRefusedWithTheReason(string text, string reason)
    {
        ScriptRun run = Mesh.Run($"{text} | Add-VmHostRecord -HostName a -IPAddress 10.1.1.1");

        Assert.Contains(reason, Assert.Single(run.Errors).Exception.Message, StringComparison.Ordinal);
        Assert.Empty(Mesh.Vms.Connections);
    }

    [Fact]
    public void Output_PipedOn_ReachesTheSameVmTheSameWay()
    {
        Mesh.Host.Expect(
            "@{ Name = 'a'; Address = '10.0.0.9'; SshPort = 2222; User = 'u'; KeyFile = '/k' } | "
            + "Add-VmHostRecord -HostName a -IPAddress 10.1.1.1 | Get-VmHostRecord | Remove-VmHostRecord");

        Assert.Equal(3, Mesh.Vms.Connections.Count);
        Assert.Single(Mesh.Vms.Connections.Select(connection => connection.Vm).Distinct());
    }

    [Theory]
    [InlineData("", HostKeyPolicy.Strict)]
    [InlineData("-HostKeyPolicy AcceptNew", HostKeyPolicy.AcceptNew)]
    public void HostKeyPolicy_IsTheConnectionsUnlessGiven(string parameter, HostKeyPolicy expected)
    {
        Mesh.Host.Expect($"@{{ Address = '10.0.0.9' }} | Add-VmHostRecord -HostName a -IPAddress 10.1.1.1 {parameter}");

        Assert.Equal(expected, Assert.Single(Mesh.Vms.Connections).Options.HostKeyPolicy);
    }

    [Fact]
    public void Credential_ReachesTheConnector()
    {
        Mesh.Host.With("c", new PSCredential("eve", new System.Net.NetworkCredential("", "pw").SecurePassword));

        Mesh.Host.Expect("@{ Address = '10.0.0.9' } | Add-VmHostRecord -HostName a -IPAddress 10.1.1.1 -Credential $c");

        Assert.Equal(("eve", "pw"), (Mesh.Vms.Connections.First().Options.Credential!.UserName, Mesh.Vms.Connections.First().Options.Credential!.Password));
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly()
    {
        Mesh.Vms.OnRun = async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("unreachable");
        };
        using RunningScript running = Mesh.Host.Start($"{TwoVms} $vms | Add-VmHostRecord hello3-svc");
        running.WaitUntil(() => Mesh.Vms.Commands.Count == 2, "both VMs are asked");

        Assert.True(running.Stop() < RunningScript.StopLimit);
        Assert.Equal(0, Mesh.Vms.OpenShells);
    }

    [Fact]
    public void TimeoutSec_VmThatHangs_IsTimedOutAndTheRestGoOn()
    {
        Mesh.Vms.OnRun = async (command, token) =>
        {
            await Task.Delay(command.Vm.Name == "vm1" ? Timeout.Infinite : 0, token);
            return await Files.RunAsync(command, token);
        };

        ScriptRun run = Mesh.Run($"{TwoVms} $vms | Add-VmHostRecord hello3-svc -TimeoutSec 1");

        Assert.Equal("TimedOut", Assert.Single(run.ErrorIds));
        Assert.Equal("vm1", ((MeshVm)run.Errors[0].TargetObject).Name);
        Assert.Single(run.Output);
    }

    [Fact]
    public void SameVmTwice_IsWorkedOnOnce()
    {
        ScriptRun run = Mesh.Run("""
            @{ Address = '10.0.0.9'; HostName = 'a'; IPAddress = '10.1.1.1' }, @{ Address = '10.0.0.9'; HostName = 'b'; IPAddress = '10.1.1.2' } |
              % { [pscustomobject]$_ } | Add-VmHostRecord
            """);

        Assert.Equal(["a", "b"], run.OutputAs<VmHostRecord>().Select(record => record.HostName));
        Assert.Single(Mesh.Vms.Connections);
    }

    [Fact]
    public void ForeignLineThatHidesTheName_IsWarnedOf()
    {
        Files.Hosts["vm1"] = $"10.9.9.9 {Svc}\n";

        ScriptRun run = Mesh.Run("@{ Name = 'vm1'; Address = '10.0.0.1' } | Add-VmHostRecord hello3-svc");

        Assert.Contains("line 1", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }
}
