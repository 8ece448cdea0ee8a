using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetVmAppCommandTests : VmAppCommandTests
{
    [Theory]
    [InlineData("Get-VmApp", 4)]
    [InlineData("Get-VmApp hello2", 2)]
    [InlineData("Get-VmApp h*", 2)]
    [InlineData("Get-VmApp nope", 0)]
    public void Name_Selects(string command, int count)
    {
        Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1; $vms | Start-VmApp other r/a:1");

        ScriptRun run = Mesh.Run($"{Vms} $vms | {command}");

        Assert.Empty(run.Errors);
        Assert.Equal(count, run.Output.Count);
    }

    [Fact]
    public void Output_PipedIntoStart_IsUnchanged()
    {
        Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1");

        ScriptRun run = Mesh.Run(Vms + "$vms | Get-VmApp | Start-VmApp hello2");

        Assert.Empty(run.Errors);
        Assert.All(run.OutputAs<VmApp>(), app => Assert.Equal(ChangeAction.Unchanged, app.Action));
    }

    [Fact]
    public void View_ShowsWhatMatters()
    {
        Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1");

        string table = Mesh.Host.Render(Vms + "$vms | Get-VmApp");

        Assert.Contains("Image", table, StringComparison.Ordinal);
        Assert.Contains("r/a:1", table, StringComparison.Ordinal);
        Assert.Contains("running", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly() => Assert.True(StopWhileHanging("Get-VmApp") < RunningScript.StopLimit);
}
