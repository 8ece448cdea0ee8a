using System.Globalization;

namespace HybridMesh.Core;

/// <summary>Gives tokens for VMs: of a file, the one that lies in the VM's folder already, or a new one.</summary>
internal sealed class TokenSource(
    SidecarConfigRequest request, LazySession session, IChangeGate gate, TimeProvider clock)
{
    public const string Audience = "istio-ca";

    // Clocks differ, and a server rounds.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>The token a folder holds, when it is worth keeping: for the same account, and not half over.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="workload">Whose token it must be.</param>
    /// <param name="rootCertificate">The root certificate; another one in the folder means another mesh.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public async Task<SidecarFile?> KeptAsync(
        SidecarFolder? folder, WorkloadTemplate workload, byte[] rootCertificate, CancellationToken cancellationToken)
    {
        if (folder is null || request.TokenPath is not null
            || await folder.FindAsync(SidecarFileNames.Token, cancellationToken).ConfigureAwait(false) is not { } bytes
            || await folder.FindAsync(SidecarFileNames.RootCert, cancellationToken)
                .ConfigureAwait(false) is not { } root
            || !root.AsSpan().SequenceEqual(rootCertificate))
        {
            return null;
        }

        SidecarFile file = new(SidecarFileNames.Token, bytes);
        return TokenFacts.Read(file.GetText()) is { Expires: { } expires, Duration: { } duration } facts
            && facts.Audiences.Contains(Audience)
            && facts.Subject == $"system:serviceaccount:{workload.Namespace}:{workload.ServiceAccount}"
            && expires - clock.GetUtcNow() > duration / 2
            && (duration - request.TokenDuration).Duration() <= Slack
                ? file : null;
    }

    /// <summary>The token of a file, or a new one.</summary>
    public async Task<(SidecarFile File, DateTimeOffset? Expires)> GetAsync(
        WorkloadTemplate workload, CancellationToken cancellationToken)
    {
        if (request.TokenPath is { } path)
        {
            SidecarFile file = new(
                SidecarFileNames.Token, await TextFile.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false));
            TokenFacts? facts = TokenFacts.Read(file.GetText());
            WarnOf(facts, path);
            return (file, facts?.Expires);
        }

        ServiceAccountToken token = await IssueAsync(workload, cancellationToken).ConfigureAwait(false);
        DateTimeOffset expires = TokenFacts.Read(token.Token)?.Expires ?? token.Expires;
        TimeSpan given = expires - clock.GetUtcNow();
        if (given < request.TokenDuration - TimeSpan.FromMinutes(1))
        {
            string seconds = Math.Max(0, given.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
            string asked = request.TokenDuration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            gate.Warning(
                $"The API server gave service account {workload.Namespace}/{workload.ServiceAccount} a token for "
                + $"{seconds} s, not the {asked} s asked for.");
        }

        return (new(SidecarFileNames.Token, token.Token), expires);
    }

    private void WarnOf(TokenFacts? facts, string path)
    {
        if (facts is null)
        {
            gate.Warning($"'{path}' holds no JWT, so that when it ends is not known; istiod refuses anything else.");
        }
        else if (facts.Expires < clock.GetUtcNow())
        {
            gate.Warning($"The token in '{path}' has ended at {facts.Expires:u}; the sidecar will not be let in.");
        }
        else if (!facts.Audiences.Contains(Audience))
        {
            gate.Warning(
                $"The token in '{path}' is for {facts.Audience ?? "nobody"}, not for {Audience}; istiod refuses it.");
        }
    }

    private async Task<ServiceAccountToken> IssueAsync(WorkloadTemplate workload, CancellationToken cancellationToken)
    {
        MeshSession mesh = await session.GetAsync(cancellationToken).ConfigureAwait(false);
        gate.Verbose(
            $"Asking the {mesh.NameOf(MeshPlane.Data)} ({mesh.DataPlane.Server}) for a token of service account "
            + $"{workload.Namespace}/{workload.ServiceAccount}.");
        try
        {
            return await mesh.DataPlane.CreateTokenAsync(
                workload.Namespace, workload.ServiceAccount, Audience, request.TokenDuration, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.ObjectNotFound)
        {
            throw new MeshException(
                e.Code,
                $"There is no service account '{workload.ServiceAccount}' in namespace {workload.Namespace} of the "
                + $"{mesh.NameOf(MeshPlane.Data)} {mesh.DataPlane.Server}. Make it: kubectl create serviceaccount "
                + $"{workload.ServiceAccount} -n {workload.Namespace}",
                workload.ServiceAccount,
                e);
        }
    }
}
