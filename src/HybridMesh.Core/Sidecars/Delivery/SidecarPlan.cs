namespace HybridMesh.Core;

/// <summary>What an installation would change on one VM.</summary>
internal sealed class SidecarPlan
{
    private SidecarPlan(
        SidecarInstallRequest request, SidecarLayout layout, SidecarSurvey survey, string address)
    {
        Request = request;
        Layout = layout;
        Survey = survey;
        Address = address;
    }

    /// <summary>What was asked for.</summary>
    public SidecarInstallRequest Request { get; }

    /// <summary>The files and folders.</summary>
    public SidecarLayout Layout { get; }

    /// <summary>What was there.</summary>
    public SidecarSurvey Survey { get; }

    /// <summary>The address the agent listens on.</summary>
    public string Address { get; }

    /// <summary>The files to write.</summary>
    public IReadOnlyList<SidecarTarget> Due { get; private init; } = [];

    /// <summary>Whether the token that is there stays, although another was given.</summary>
    public bool KeepsToken { get; private init; }

    /// <summary>The package to install; null when that version is there.</summary>
    public SidecarPackage? Package { get; private init; }

    /// <summary>The host records to add.</summary>
    public IReadOnlyList<HostRecord> Hosts { get; init; } = [];

    /// <summary>The hosts file with and without them.</summary>
    public HostsEdit? HostsEdit { get; init; }

    /// <summary>Whether the sidecar is started again.</summary>
    public bool Restart { get; private init; }

    /// <summary>Whether all is as it should be.</summary>
    public bool IsEmpty => !Restart && Due.Count == 0 && Package is null && HostsEdit is null;

    /// <summary>Compares what is there with what should be.</summary>
    public static SidecarPlan Make(
        SidecarInstallRequest request, SidecarLayout layout, ClusterEnvironment environment, MeshVm vm,
        SidecarSurvey survey, Container? container, HostsEdit? hosts, DateTimeOffset now)
    {
        SidecarTarget[] due = [.. layout.Targets.Where(target => !IsThere(target, survey))];
        SidecarPackage? package = request.Package is { } asked
            && !(survey.Facts.Version is { } version && survey.Record.Contains($"source {version} {asked.Source}"))
            ? asked : null;
        bool runs = survey.Facts.State == SidecarState.Ready && survey.Facts.Method == request.Method
            && HasRules(survey.Facts) && (request.Method == SidecarMethod.Package
            ? survey.Enabled
            : container is { Running: true }
                && container.SidecarFingerprint == SidecarContainer.Fingerprint(request.Image));
        bool others = package is not null || hosts is not null || survey.Unfinished
            || due.Any(target => !IsToken(target, request.Method));
        bool keep = runs && !others && IsGood(survey.Facts.Token, request.Config, now)
            && IsWhole(layout, survey, request.Method);
        return new(request, layout, survey, environment is { IsExternal: false, Address: { } own } ? own : vm.Address)
        {
            Due = keep ? [] : due,
            KeepsToken = keep,
            Package = package,
            Hosts = hosts?.Added ?? [],
            HostsEdit = hosts,
            // A token alone is read again by the agent itself.
            Restart = !runs || others,
        };
    }

    /// <summary>What would be done, for -WhatIf.</summary>
    public string Describe()
    {
        List<string> steps = [];
        if (Package is not null)
        {
            steps.Add($"install {Package}");
        }

        if (Due.Count > 0)
        {
            steps.Add($"write {string.Join(", ", Due.Select(target => target.Place))}");
        }

        if (HostsEdit is not null)
        {
            steps.Add($"add {string.Join(", ", HostsEdit.Records)} to /etc/hosts");
        }

        if (Restart)
        {
            steps.Add(Request.Method == SidecarMethod.Package
                ? $"start service {SidecarPlaces.Service}" : $"start image '{Request.Image}'");
        }

        string text = string.Join("; ", steps);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static bool IsThere(SidecarTarget target, SidecarSurvey survey) =>
        survey.File(target.Place) is { } file && file.Digest == target.Digest && file.Mode == target.Mode
        && file.Owner == target.Owner;

    // A sidecar whose rules are gone is ready all the same; its start makes them anew.
    private static bool HasRules(SidecarFacts facts) =>
        facts.Capture != SidecarCapture.None || facts.Env is { CustomCapture: true };

    private static bool IsToken(SidecarTarget target, SidecarMethod method) =>
        SidecarLayout.TokenPlaces(method).Contains(target.Place);

    // New-VmSidecarConfig asks for a token each time; that alone is no change while the old one is good for long.
    private static bool IsGood(TokenFacts? present, VmSidecarConfig config, DateTimeOffset now) =>
        present is { Expires: { } expires, Duration: { } duration }
        && TokenFacts.Read(config.Find(SidecarFileNames.Token)?.GetText()) is { } next
        && present.Subject == next.Subject && present.Audiences.SequenceEqual(next.Audiences)
        && expires - now > duration / 2;

    private static bool IsWhole(SidecarLayout layout, SidecarSurvey survey, SidecarMethod method)
    {
        SidecarTarget[] tokens = [.. layout.Targets.Where(target => IsToken(target, method))];
        SurveyedFile?[] found = [.. tokens.Select(target => survey.File(target.Place))];
        return found.All(file => file is not null && file.Digest == found[0]!.Digest)
            && tokens.Zip(found)
                .All(pair => pair.First.Mode == pair.Second!.Mode && pair.First.Owner == pair.Second.Owner);
    }
}
