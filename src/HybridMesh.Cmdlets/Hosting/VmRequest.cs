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
/// <param name="Guard">Asks by -WhatIf and -Confirm, and writes warnings.</param>
internal sealed record VmTurn(IRemoteShell Shell, ChangeGuard Guard);

/// <summary>Gathers requests.</summary>
internal static class VmRequest
{
    /// <summary>
    /// One request per VM with everything asked for it, so that a VM named by several objects of the pipeline, such as
    /// its records, is worked on once and not by several at a time.
    /// </summary>
    public static IReadOnlyList<VmRequest<IReadOnlyList<TRequest>>> PerVm<TRequest>(
        IEnumerable<VmRequest<TRequest>> requests) =>
        [.. requests
            .GroupBy(item => (item.Vm.Name, item.Vm.SshHost, item.Vm.SshPort, item.Vm.User))
            .Select(group => new VmRequest<IReadOnlyList<TRequest>>(
                group.First().Vm, [.. group.Select(item => item.Request)]))];
}
