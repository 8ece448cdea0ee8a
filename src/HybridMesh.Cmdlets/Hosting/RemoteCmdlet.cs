using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Base of cmdlets that work over SSH, on many VMs at a time. One VM's failure is one error record whose target is
/// that VM; the rest go on.
/// </summary>
public abstract class RemoteCmdlet : FanOutCmdlet
{
    /// <summary>What to do with host keys that are not known. The default is the connection's, else Strict.</summary>
    [Parameter]
    [PlainText]
    public HostKeyPolicy? HostKeyPolicy { get; set; }

    /// <summary>A user and password for VMs that take no key. Its user name wins over the VM's own.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>How to connect, as the parameters say.</summary>
    private protected SshOptions SshOptions => new()
    {
        HostKeyPolicy = HostKeyPolicy
            ?? (Connection ?? Runtime.Current?.Connection)?.HostKeyPolicy
            ?? Core.HostKeyPolicy.Strict,
        Credential = Credential?.GetNetworkCredential(),
    };

    /// <summary>
    /// Connects to each request's VM, runs <paramref name="body"/> there and streams what it gives.
    /// </summary>
    /// <param name="writer">The pipeline.</param>
    /// <param name="requests">The VMs, each with what to do there.</param>
    /// <param name="activity">What progress shows, such as <c>Starting apps</c>.</param>
    /// <param name="body">The work on one VM.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    private protected async Task FanOutAsync<TRequest, TResult>(
        PipelineWriter writer,
        IReadOnlyCollection<VmRequest<TRequest>> requests,
        string activity,
        Func<VmTurn, TRequest, CancellationToken, Task<IReadOnlyList<TResult>>> body,
        CancellationToken cancellationToken)
        where TResult : notnull
    {
        SshOptions options = SshOptions;
        await using FanOutProgress progress = new(writer, Runtime.Clock, activity, requests.Count);
        await foreach (FanOutResult<VmRequest<TRequest>, IReadOnlyList<TResult>> done in FanOut.RunAsync(
            requests, FanOutOptions, (item, limit, token) => RunOneAsync(item, limit, token), cancellationToken))
        {
            progress.Advance();
            if (done.Error is { } error)
            {
                await writer.WriteErrorAsync(error, done.Item.Vm);
                continue;
            }

            foreach (TResult result in done.Result!)
            {
                await writer.WriteAsync(result);
            }
        }

        async Task<IReadOnlyList<TResult>> RunOneAsync(
            VmRequest<TRequest> item, ItemTimeout limit, CancellationToken token)
        {
            writer.Verbose($"VM {item.Vm}: connecting to {item.Vm.SshHost} port {item.Vm.SshPort}.");
            await using IRemoteShell shell = await Runtime.Shells.ConnectAsync(item.Vm, options, token);
            writer.Verbose($"VM {item.Vm}: logged in as {shell.UserName}.");
            VmTurn turn = new(shell, new ChangeGuard(Ask(writer, limit), writer.Warning));
            return await body(turn, item.Request, token);
        }
    }

    /// <summary>A result as a list; none when a change was not approved.</summary>
    private protected static IReadOnlyList<TResult> OneOrNone<TResult>(TResult? result)
        where TResult : class => result is null ? [] : [result];

    // A user who thinks about a -Confirm prompt must not use up the VM's time.
    private static Func<string, string, Task<bool>> Ask(PipelineWriter writer, ItemTimeout limit) =>
        (target, action) => limit.SuspendAsync(() => writer.ShouldProcessAsync(target, action));
}
