using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HybridMesh.Core;

/// <summary>What a VM's sidecar itself shows: whether it runs, and until when.</summary>
internal static class SidecarRules
{
    private const string Audience = "istio-ca";
    private static readonly TimeSpan RootWarning = TimeSpan.FromDays(30);

    public static IEnumerable<MeshDrift> Find(VmView view)
    {
        SidecarFacts facts = view.Facts!;
        // Before it is given its files there is nothing else to say of it.
        bool isNew = facts is { Env: null, State: SidecarState.Absent or SidecarState.Stopped }
            && facts.Capture != SidecarCapture.Present;
        MeshDrift?[] found = isNew
            ? [NotInstalled(view, facts)]
            :
            [
                State(view, facts), Token(view, facts),
                Expiring(view, facts.WorkloadCertificate, "certificate", view.ExpiresWithin),
                Expiring(
                    view, facts.RootCertificate, "root certificate",
                    view.ExpiresWithin > RootWarning ? view.ExpiresWithin : RootWarning),
                Root(view, facts), Capture(view, facts),
            ];
        return found.OfType<MeshDrift>();
    }

    private static MeshDrift NotInstalled(VmView view, SidecarFacts facts) => view.Drift(
        facts.State == SidecarState.Absent ? DriftKind.SidecarAbsent : DriftKind.SidecarStopped, DriftSeverity.Warning,
        $"VM {view.Vm} has "
        + (facts.State == SidecarState.Absent ? "no sidecar" : "a sidecar that was never given its files")
        + ", so that it does not find the mesh's pods and speaks no mTLS.") with
    {
        Name = SidecarPlaces.Service,
        Expected = nameof(SidecarState.Ready),
        Actual = facts.State.ToString(),
        Command = DriftCommands.Configure(view),
    };

    private static MeshDrift? State(VmView view, SidecarFacts facts)
    {
        if (facts.State == SidecarState.Ready)
        {
            return null;
        }

        (DriftKind kind, string what) = facts.State switch
        {
            SidecarState.Absent => (DriftKind.SidecarAbsent, "has a sidecar's files but no sidecar"),
            SidecarState.Stopped => (
                DriftKind.SidecarStopped,
                $"has a sidecar that does not "
                + $"run{(facts.ServiceState is null ? "" : $" (it is {facts.ServiceState})")}"),
            _ => (DriftKind.SidecarNotReady, $"has a sidecar that is not ready ({facts.NotReadyDetail})"),
        };
        return view.Drift(kind, DriftSeverity.Error, $"VM {view.Vm} {what}.") with
        {
            Name = facts.Method == SidecarMethod.Container ? SidecarPlaces.Container : SidecarPlaces.Service,
            Expected = nameof(SidecarState.Ready),
            Actual = facts.State.ToString(),
            Command = DriftCommands.Configure(view),
        };
    }

    private static MeshDrift? Token(VmView view, SidecarFacts facts) => facts switch
    {
        { TokenState: SidecarTokenState.Missing } => Token(
            view, DriftKind.TokenMissing, DriftSeverity.Error, MissingToken(view, facts), null, null),
        { TokenState: SidecarTokenState.Malformed } => Token(
            view, DriftKind.TokenMissing, DriftSeverity.Error,
            $"What VM {view.Vm} has as its token is none.", null, null),
        { Token: { Audiences.Count: > 0 } token }
            when !token.Audiences.Contains(Audience, StringComparer.Ordinal) => Token(
            view, DriftKind.TokenAudience, DriftSeverity.Error,
            $"The token of VM {view.Vm} is for {token.Audience}, so that istiod refuses it.", Audience, token.Audience),
        { Token.Expires: { } end } when end - view.Now <= view.ExpiresWithin => Token(
            view, DriftKind.TokenExpires, end <= view.Now ? DriftSeverity.Error : DriftSeverity.Warning,
            $"The token of VM {view.Vm} {Ends(end, view.Now)}; without one the sidecar gets no certificate.",
            null, $"{end:u}"),
        _ => null,
    };

    private static MeshDrift Token(
        VmView view, DriftKind kind, DriftSeverity severity, string message, string? expected, string? actual) =>
        view.Drift(kind, severity, message) with
        {
            Name = SidecarFileNames.Token,
            Expected = expected,
            Actual = actual,
            Command = DriftCommands.RenewToken(view),
        };

    // /var/run is emptied at every boot, and the token with it.
    private static string MissingToken(VmView view, SidecarFacts facts) =>
        facts.BootedAt is { } boot && facts.InstalledAt is { } installed && installed < boot
            ? $"VM {view.Vm} lost its token when it was rebooted {RelativeTime.Of(boot, view.Now)}, because "
                + "/var/run is "
                + $"emptied at every boot{(facts.KeepsToken ? "; the copy kept for that was not put back" : "")}."
            : $"VM {view.Vm} has no token, without which the sidecar gets no certificate.";

    private static MeshDrift? Expiring(VmView view, CertificateFacts? certificate, string what, TimeSpan within) =>
        certificate is null || certificate.Expires - view.Now > within ? null
            : view.Drift(
                DriftKind.CertificateExpires,
                certificate.Expires <= view.Now ? DriftSeverity.Error : DriftSeverity.Warning,
                $"The {what} of VM {view.Vm} ({certificate.Subject}) {Ends(certificate.Expires, view.Now)}.") with
            {
                Name = what == "certificate" ? SidecarFileNames.CertChain : SidecarFileNames.RootCert,
                Actual = $"{certificate.Expires:u}",
                Command = DriftCommands.Configure(view),
            };

    private static MeshDrift? Root(VmView view, SidecarFacts facts)
    {
        HashSet<string> present = Thumbprints(view.Mesh?.RootCertificates);
        if (present.Count == 0 || facts.Env is null)
        {
            return null;
        }

        HashSet<string> there = Thumbprints(facts.RootCertificates);
        return present.IsSubsetOf(there) ? null : view.Drift(
            DriftKind.RootCertificateDiffers, DriftSeverity.Error,
            there.Count == 0
                ? $"VM {view.Vm} has no root certificate, so that it trusts nobody in the mesh."
                : $"VM {view.Vm} does not have the mesh's present root certificate, "
                    + "so that it does not trust istiod.") with
        {
            Name = SidecarFileNames.RootCert,
            Expected = string.Join(", ", present.Order(StringComparer.Ordinal)),
            Actual = string.Join(", ", there.Order(StringComparer.Ordinal)),
            Command = DriftCommands.Configure(view),
        };
    }

    private static MeshDrift? Capture(VmView view, SidecarFacts facts)
    {
        bool runs = facts.State is SidecarState.Ready or SidecarState.NotReady;
        return (runs, facts.Capture) switch
        {
            (true, SidecarCapture.None) when facts.Env is not { CustomCapture: true } => view.Drift(
                DriftKind.CaptureMissing, DriftSeverity.Error,
                $"The sidecar of VM {view.Vm} runs, but no iptables rule leads traffic to it: mTLS from pods "
                + "ends at the "
                + "app (WRONG_VERSION_NUMBER), and the app speaks plain text.") with
            {
                Name = "iptables",
                Expected = nameof(SidecarCapture.Present),
                Actual = nameof(SidecarCapture.None),
                Command = DriftCommands.Restart(view),
            },
            (false, SidecarCapture.Present) => view.Drift(
                DriftKind.CaptureLeft, DriftSeverity.Error,
                $"The sidecar of VM {view.Vm} does not run, but its iptables rules are still there and lead traffic to "
                + "nobody.") with
            {
                Name = "iptables",
                Expected = nameof(SidecarCapture.None),
                Actual = nameof(SidecarCapture.Present),
                Command = DriftCommands.Configure(view),
            },
            _ => null,
        };
    }

    private static string Ends(DateTimeOffset end, DateTimeOffset now) =>
        $"{(end <= now ? "expired" : "expires")} {RelativeTime.Of(end, now)}";

    private static HashSet<string> Thumbprints(string? pem)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem ?? "");
            return [.. certificates.Select(certificate => certificate.GetCertHashString(HashAlgorithmName.SHA256))];
        }
        catch (CryptographicException)
        {
            return [];
        }
        finally
        {
            foreach (X509Certificate2 certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }
}
