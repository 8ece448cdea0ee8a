using System.Globalization;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>Reads the sidecar of a VM. Nothing is changed there.</summary>
public static partial class SidecarStatus
{
    private const string Ready = "/healthz/ready";

    /// <summary>Reads what the VM knows of its sidecar.</summary>
    /// <param name="shell">The shell on the VM; needs root's rights there.</param>
    /// <param name="app">How the app tells its version; null when it is not asked.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="MeshException">SudoRequired; RemoteCommandFailed.</exception>
    public static async Task<SidecarFacts> ReadAsync(
        IRemoteShell shell, AppVersionQuery? app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shell);
        Uri ready = ReadyUri(shell.Vm);
        string readyMark = ProbeScript.NewMark();
        string appMark = ProbeScript.NewMark();
        CommandResult result = await RootShell.RunAsync(
            shell,
            SidecarScript.Build(ready, readyMark, app, appMark),
            cancellationToken).ConfigureAwait(false);
        SidecarReport report = SidecarReport.Parse(result.Output);
        if (!report.IsWhole)
        {
            throw RootShell.Failed(shell, $"The sidecar of VM {shell.Vm} can't be read", result);
        }

        SidecarFacts facts = Read(shell.Vm, report, result, ready, readyMark);
        return app is null ? facts : app.AddTo(facts, result, appMark);
    }

    private static SidecarFacts Read(
        MeshVm vm, SidecarReport report, CommandResult result, Uri ready, string readyMark)
    {
        Container? container = report.Text("container") is { } json && Container.ReadAll(json, vm) is [{ } found, ..]
            ? found : null;
        bool serviceRuns = report["service"] is "active" or "reloading";
        bool hasService = serviceRuns || report.Has("unit") || report.Has("version")
            || report["service"] is "activating" or "deactivating" or "failed";
        SidecarMethod? method = serviceRuns ? SidecarMethod.Package
            : container is { Running: true } ? SidecarMethod.Container
            : hasService ? SidecarMethod.Package
            : container is not null ? SidecarMethod.Container
            : null;
        bool inFolder = method == SidecarMethod.Container
            || (method is null && !report.Has("package-env") && report.Has("container-env"));
        string place = inFolder ? "container" : "package";
        (bool isReady, string? detail) = Readiness(result, ready, readyMark, $"VM {vm}");
        (SidecarTokenState tokenState, TokenFacts? token) = report.Token($"{place}-token");
        string? root = report.Text($"{place}-root");
        return new()
        {
            Vm = vm,
            Method = method,
            State = method is null ? SidecarState.Absent
                : !serviceRuns && container is not { Running: true } ? SidecarState.Stopped
                : isReady ? SidecarState.Ready : SidecarState.NotReady,
            NotReadyDetail = isReady ? null : detail,
            ServiceState = method == SidecarMethod.Container ? container!.State : report["service"],
            Image = method == SidecarMethod.Container ? container!.Image : null,
            Version = method switch
            {
                null => null,
                SidecarMethod.Container => TagOf(container!.Image),
                _ => report["version"] ?? AgentVersion(report["agent"]),
            },
            Env = report.Text($"{place}-env") is { } env ? SidecarEnv.Parse(env) : null,
            TokenState = tokenState,
            Token = token,
            KeepsToken = report.Has("kept-token"),
            RootCertificates = root,
            RootCertificate = CertificateFacts.Read(root),
            WorkloadCertificate = CertificateFacts.Read(report.Text($"{place}-chain")),
            Capture = report["capture"] switch
            {
                "present" => SidecarCapture.Present,
                "none" => SidecarCapture.None,
                _ => SidecarCapture.Unknown,
            },
            BootedAt = report.Time("boot"),
            InstalledAt = report.Time("installed"),
            Hosts = report.Bytes("hosts") ?? [],
        };
    }

    private static Uri ReadyUri(MeshVm vm) =>
        new UriBuilder(
            Uri.UriSchemeHttp, MeshAddress.Normalize(vm.Address) ?? vm.Address, SidecarPlaces.StatusPort, Ready)
            .Uri;

    private static (bool IsReady, string? Detail) Readiness(CommandResult result, Uri uri, string mark, string from)
    {
        if (!result.Output.Contains($"{mark}:start", StringComparison.Ordinal))
        {
            return (false, null);
        }

        try
        {
            ProbeReport report = ProbeReader.Read(result, uri, mark, from);
            return report.StatusCode switch
            {
                200 => (true, null),
                { } code => (false, string.Create(CultureInfo.InvariantCulture, $"{uri} answered {code}")),
                null when string.IsNullOrEmpty(report.Error) => (false, $"{uri} did not answer"),
                null => (false, $"{uri} did not answer ({report.Error})"),
            };
        }
        catch (MeshException e)
        {
            return (false, e.Message);
        }
    }

    // registry:5000/path/image:tag, with or without @sha256:...
    internal static string? TagOf(string image)
    {
        string name = image.Split('@')[0];
        int colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[(colon + 1)..] : null;
    }

    private static string? AgentVersion(string? said) =>
        said is not null && VersionNumber().Match(said) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"[0-9]+\.[0-9]+[^\s"",]*")]
    private static partial Regex VersionNumber();
}
