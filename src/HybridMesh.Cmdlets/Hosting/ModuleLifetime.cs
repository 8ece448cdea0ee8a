using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>Closes what the runspace holds when the module is removed from it.</summary>
public sealed class ModuleLifetime : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        MeshRuntime runtime = MeshRuntime.ForCurrentRunspace();
        // The engine's call is synchronous; on the pool, so that nothing waits for this thread.
        Task closing = Task.Run(runtime.CloseAllAsync);
        ((IAsyncResult)closing).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(10));
    }
}
