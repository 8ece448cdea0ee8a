using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary><c>Update-VmSidecarToken</c>: renews the tokens of VMs' sidecars before they run out.</summary>
[Cmdlet(VerbsData.Update, "VmSidecarToken", SupportsShouldProcess = true)]
[OutputType(typeof(VmSidecar))]
public sealed class UpdateVmSidecarTokenCommand : VmCmdlet
{
    private readonly List<VmRequest<TokenRenewalRequest>> _requests = [];

    /// <summary>
    /// The namespace of the service account. The default is what cluster.env on the VM says.
    /// </summary>
    // A sidecar that was found absent has none, and is to get the error that says so.
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    public new string? Namespace { get; set; }

    /// <summary>The service account. The default is what cluster.env on the VM says.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    public string? ServiceAccount { get; set; }

    /// <summary>How long the new tokens are to last. The default is an hour.</summary>
    [Parameter]
    [PlainText]
    [DurationTransform]
    public TimeSpan TokenDuration { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Renews tokens with no more time left than this. The default is half of each token's own duration.
    /// </summary>
    [Parameter]
    [PlainText]
    [DurationTransform]
    public TimeSpan? IfExpiresWithin { get; set; }

    /// <summary>Renews tokens however long they last.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        TokenRenewalRequest request = new()
        {
            Namespace = string.IsNullOrEmpty(Namespace) ? null : Namespace,
            ServiceAccount = string.IsNullOrEmpty(ServiceAccount) ? null : ServiceAccount,
            Duration = TokenDuration,
            IfExpiresWithin = IfExpiresWithin,
            Force = Force,
        };
        _requests.AddRange(Vm.Select(vm => new VmRequest<TokenRenewalRequest>(vm, request)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        if (_requests.Count > 0)
        {
            MeshSession session = await GetSessionAsync(writer, cancellationToken);
            await FanOutAsync(
                writer, _requests, "Renewing tokens",
                async (turn, request, token) => OneOrNone(await SidecarTokenRenewer.RenewAsync(
                    turn.Shell, session.DataPlane, request, Runtime.Clock, turn.Guard, token)),
                cancellationToken);
        }
    }
}
