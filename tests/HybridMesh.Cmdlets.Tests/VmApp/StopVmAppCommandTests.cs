using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class StopVmAppCommandTests : VmAppCommandTests
{
    [Fact]
    public void App_IsRemoved_AndUnchangedTheSecondTime()
    {
        Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1");

        Assert.All(
            Mesh.Run(Vms + "$vms | Stop-VmApp hello2").OutputAs<VmApp>(),
            app => Assert.Equal((ChangeAction.Removed, "absent"), (app.Action!.Value, app.State)));
        Assert.Empty(Files.Containers);
        Assert.All(
            Mesh.Run(Vms + "$vms | Stop-VmApp hello2").OutputAs<VmApp>(),
            app => Assert.Equal(ChangeAction.Unchanged, app.Action));
    }

    [Fact]
    public void WhatIf_StopsNothing()
    {
        Mesh.Run(Vms + "$vms | Start-VmApp hello2 r/a:1");

        Assert.Empty(Mesh.Run(Vms + "$vms | Stop-VmApp hello2 -WhatIf").Output);
        Assert.Equal(2, Files.Containers.Count);
    }

    [Fact]
    public void Stop_WhileAVmHangs_EndsPromptly() => Assert.True(StopWhileHanging("Stop-VmApp hello2") < RunningScript.StopLimit);
}
