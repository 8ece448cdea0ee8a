using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Get-VmApp</c>: the apps Start-VmApp has started on VMs.</summary>
[Cmdlet(VerbsCommon.Get, "VmApp")]
[OutputType(typeof(VmApp))]
public sealed class GetVmAppCommand : VmCmdlet
{
    private readonly List<VmRequest<bool>> _requests = [];

    /// <summary>The app's name, with wildcards; the default is all.</summary>
    [Parameter(Position = 0)]
    [PlainText]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "*";

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        _requests.AddRange(Vm.Select(vm => new VmRequest<bool>(vm, true)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        WildcardPattern pattern = new(Name, WildcardOptions.IgnoreCase);
        return FanOutAsync<IReadOnlyList<bool>, VmApp>(
            writer, VmRequest.PerVm(_requests), "Reading apps",
            async (turn, _, token) =>
                [.. (await VmApps.GetAsync(turn.Shell, token)).Where(app => pattern.IsMatch(app.Name))],
            cancellationToken);
    }
}
