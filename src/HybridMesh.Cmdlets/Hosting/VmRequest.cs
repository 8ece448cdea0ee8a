using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>A VM of the pipeline and what was asked for it.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Request">The Core request made of the parameters bound to this object.</param>
internal sealed record VmRequest<TRequest>(MeshVm Vm, TRequest Request)
{
    /// <summary>The VM, for messages.</summary>
    public override string ToString() => Vm.ToString();
}

/// <summary>What the work on one VM may use.</summary>
/// <param name="Shell">The shell on the VM.</param>
/// <param name="Approve">Asks by -WhatIf and -Confirm: target, action.</param>
/// <param name="Warn">Writes a warning.</param>
internal sealed record VmTurn(IRemoteShell Shell, Func<string, string, Task<bool>> Approve, Action<string> Warn);
