using System.Globalization;
using System.Text;

namespace HybridMesh.Core;

/// <summary>Renews the tokens by which VMs' sidecars prove who they are. The agent reads a new one by itself.</summary>
public static class SidecarTokenRenewer
{
    // A sidecar that is started again because its token had ended.
    private static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(30);

    /// <summary>Renews the token of a VM when it is due.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="api">The data plane, which issues tokens.</param>
    /// <param name="request">When and for whom.</param>
    /// <param name="clock">The time.</param>
    /// <param name="guard">Asks before anything is changed, and takes warnings.</param>
    /// <param name="cancellationToken">Ends the work; the token is then the old one or the new one.</param>
    /// <returns>The sidecar, Updated or Unchanged; null when the change was not approved.</returns>
    /// <exception cref="MeshException">
    /// SidecarMissing; ObjectNotFound, when there is no such service account.
    /// </exception>
    public static async Task<VmSidecar?> RenewAsync(
        IRemoteShell shell, IKubernetesApi api, TokenRenewalRequest request, TimeProvider clock, ChangeGuard guard,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(guard);
        SidecarFacts facts = await SidecarStatus.ReadAsync(shell, app: null, cancellationToken).ConfigureAwait(false);
        (string ns, string account) = Account(facts, request);
        if (Reason(facts, $"system:serviceaccount:{ns}:{account}", request, clock.GetUtcNow()) is not { } reason)
        {
            return facts.ToSidecar() with { Action = ChangeAction.Unchanged };
        }

        // One that ends for want of a good token is between two starts most of the time.
        bool restart = facts.State == SidecarState.NotReady || facts.ServiceState is "failed" or "activating";
        if (!await guard.Approve(
            $"Token of VM {shell.Vm}",
            $"Renew for service account {ns}/{account}, because {reason}{(restart ? "; start the sidecar again" : "")}")
            .ConfigureAwait(false))
        {
            return null;
        }

        ServiceAccountToken token = await api
            .CreateTokenAsync(ns, account, TokenSource.Audience, request.Duration, cancellationToken)
            .ConfigureAwait(false);
        SidecarAnswer answer = await WriteAsync(shell, facts, token.Token, restart, cancellationToken)
            .ConfigureAwait(false);
        return facts.ToSidecar() with
        {
            Namespace = ns,
            ServiceAccount = account,
            State = restart ? answer.Ready ? SidecarState.Ready : SidecarState.NotReady : facts.State,
            TokenExpires = TokenFacts.Read(token.Token)?.Expires ?? token.Expires,
            TokenAudience = TokenSource.Audience,
            Action = ChangeAction.Updated,
        };
    }

    private static (string Namespace, string Account) Account(SidecarFacts facts, TokenRenewalRequest request)
    {
        if (facts.Method is null || facts.Env is not { } environment)
        {
            throw new MeshException(
                MeshErrorCode.SidecarMissing,
                $"VM {facts.Vm} has no sidecar whose token could be renewed; deliver one with Install-VmSidecar.",
                facts.Vm);
        }

        return (
            request.Namespace ?? environment.Namespace ?? throw Unknown("ISTIO_NAMESPACE", "-Namespace"),
            request.ServiceAccount ?? environment.ServiceAccount
                ?? throw Unknown("SERVICE_ACCOUNT", "-ServiceAccount"));

        MeshException Unknown(string variable, string parameter) => new(
            MeshErrorCode.SidecarConfigInvalid,
            $"{SidecarFileNames.ClusterEnv} on VM {facts.Vm} does not say {variable}; give {parameter}.",
            facts.Vm);
    }

    /// <summary>Why the token is to be renewed; null when it is not.</summary>
    private static string? Reason(SidecarFacts facts, string subject, TokenRenewalRequest request, DateTimeOffset now)
    {
        if (facts.Token is not { } token)
        {
            return facts.TokenState == SidecarTokenState.Missing ? "there is none" : "what is there is none";
        }

        TimeSpan? left = token.Expires - now;
        TimeSpan limit = request.IfExpiresWithin ?? (token.Duration ?? request.Duration) / 2;
        return request.Force ? "-Force says so"
            : !token.Audiences.Contains(TokenSource.Audience) ? $"it is for '{token.Audience}'"
            : token.Subject is { } other && other != subject ? $"it is that of {other}"
            : left <= TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"it ended at {token.Expires:u}")
            : left <= limit ? string.Create(CultureInfo.InvariantCulture, $"it ends at {token.Expires:u}")
            : null;
    }

    private static async Task<SidecarAnswer> WriteAsync(
        IRemoteShell shell, SidecarFacts facts, string token, bool restart, CancellationToken cancellationToken)
    {
        // By standard input, which no list of processes shows.
        string script = $"""
            next={Convert.ToBase64String(Encoding.UTF8.GetBytes(token))}
            token={SidecarLayout.TokenPlaces(facts.Method!.Value)[0]}
            owner={(facts.Method == SidecarMethod.Package ? "istio-proxy:istio-proxy" : "root:root")}
            method={facts.Method}
            restart={(restart ? 1 : 0)}
            wait={(int)RestartWait.TotalSeconds}

            """ + HealthScript.Variables(shell.Vm.Address) + HealthScript.Functions + SidecarRecordScript.Functions
            + SidecarServiceScript.Functions + SidecarTokenScript.Main;
        CommandResult result = await RootShell.RunAsync(shell, script, cancellationToken).ConfigureAwait(false);
        SidecarAnswer answer = SidecarAnswer.Parse(result);
        answer.CheckRenewal(shell);
        return answer;
    }
}
