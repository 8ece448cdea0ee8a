using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class StartVmAppCommandTests : VmAppCommandTests
{
    [Fact]
    public void ImageAndEnvironment_ScriptBlocks_AreEvaluatedPerVm()
    {
        ScriptRun run = Mesh.Run(
            Vms + "$vms | Start-VmApp -Name hello2 -Image { \"r/hello_$($_.Version):1\" } -Environment { @{ ME = $_.Name } }");

        Assert.Empty(run.Errors);
        Assert.Equal(
            [("vm1", "hello2", "r/hello_v1:1"), ("vm2", "hello2", "r/hello_v2:1")],
            run.OutputAs<VmApp>().OrderBy(app => app.VmName).Select(app => (app.VmName, app.Name, app.Image!)));
        Assert.Contains("-e 'ME=vm2'", Files.Containers[("vm2", "hello2")].Script, StringComparison.Ordinal);
        Assert.Contains("--network host", Files.Containers[("vm2", "hello2")].Script, StringComparison.Ordinal);
    }

    [Fact]
    public void SecondRun_IsUnchanged_OtherImageIsUpdated()
    {
        Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1 @{ A = 1 }");

        Assert.All(
            Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1 @{ A = 1 }").OutputAs<VmApp>(),
            app => Assert.Equal(ChangeAction.Unchanged, app.Action));
        Assert.Equal(2, Files.Writes);
        Assert.All(
            Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:2 @{ A = 1 }").OutputAs<VmApp>(),
            app => Assert.Equal(ChangeAction.Updated, app.Action));
    }

    [Fact]
    public void Name_IsNeverTakenFromAVmNorFromAScriptBlock()
    {
        Assert.Contains("Name", Assert.Single(Mesh.Run(Vms + "$vms[0] | Start-VmApp -Image x").Errors).Exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            "not a script block",
            Mesh.Run(Vms + "$vms[0] | Start-VmApp -Name { $_.Name } -Image x").Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(Mesh.Vms.Connections);
    }

    [Fact]
    public void WhatIf_SaysWhatWouldStartAndStartsNothing()
    {
        ScriptRun run = Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1 -WhatIf");

        Assert.Empty(run.Output);
        Assert.Equal(0, Files.Writes);
        Assert.Contains("Start image 'r/a:1'", run.HostText, StringComparison.Ordinal);
        Assert.Contains("App 'hello2' on VM 'vm2'", run.HostText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Start-VmApp 'a b' img")]
    [InlineData("Start-VmApp -- -x img")]
    [InlineData("Start-VmApp app 'im age'")]
    [InlineData("Start-VmApp app img @{ 'A=B' = 1 }")]
    public void ValuesNoContainerCanHave_AreRefused(string command)
    {
        ScriptRun run = Mesh.Run($"@{{ Address = '10.0.0.1' }} | {command}");

        Assert.Equal("ArgumentInvalid", Assert.Single(run.ErrorIds));
        Assert.Empty(Mesh.Vms.Connections);
    }

    [Fact]
    public void OneVmFails_TheRestGoOnWithTheVmAsTarget()
    {
        Mesh.Vms.ConnectFailures["vm1"] = new MeshException(MeshErrorCode.SshAuthenticationFailed, "no");

        ScriptRun run = Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1");

        Assert.Equal("SshAuthenticationFailed", Assert.Single(run.ErrorIds));
        Assert.Equal("vm1", ((MeshVm)run.Errors[0].TargetObject).Name);
        Assert.Equal("vm2", Assert.Single(run.OutputAs<VmApp>()).VmName);
    }

    [Fact]
    public void Verbose_NamesTheHostAndPortOfEachStep()
    {
        ScriptRun run = Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1 -Verbose");

        Assert.Empty(run.Errors);
        Assert.Contains(run.Verbose, line => line.Contains("connecting to 10.0.0.2 port 22", StringComparison.Ordinal));
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly() =>
        Assert.True(StopWhileHanging("Start-VmApp hello2 r/a:1") < RunningScript.StopLimit);
}
