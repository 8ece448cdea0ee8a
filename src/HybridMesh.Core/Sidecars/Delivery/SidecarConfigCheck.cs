using System.Globalization;

namespace HybridMesh.Core;

/// <summary>What must hold of bootstrap files before any of them is delivered.</summary>
internal static class SidecarConfigCheck
{
    private const string Audience = TokenSource.Audience;
    private const string Again = "make the files anew with New-VmSidecarConfig";

    private static readonly string[] Needed =
        [SidecarFileNames.ClusterEnv, SidecarFileNames.RootCert, SidecarFileNames.Token];

    /// <summary>cluster.env, when all is well.</summary>
    /// <exception cref="MeshException">SidecarConfigInvalid, with everything that is wrong.</exception>
    public static ClusterEnvironment Check(
        VmSidecarConfig config, SidecarMethod method, MeshVm vm, DateTimeOffset now)
    {
        List<string> problems =
        [
            .. Needed.Where(name => config.Find(name) is null or { Length: 0 })
                .Select(name => $"{name} is missing or empty; {Again}."),
        ];
        ClusterEnvironment environment = ClusterEnvironment.Read(
            config.Find(SidecarFileNames.ClusterEnv)?.GetText() ?? "");
        problems.AddRange(environment.Problems);
        if (method == SidecarMethod.Package && config.Provider == MeshProvider.Istio
            && config.Find(SidecarFileNames.MeshConfig) is null)
        {
            problems.Add($"{SidecarFileNames.MeshConfig} is missing; {Again}.");
        }

        problems.AddRange(OfToken(config, now));
        problems.AddRange(OfCertificate(config, now));
        problems.AddRange(OfVersion(environment, vm));
        return problems.Count == 0 ? environment : throw Invalid(vm, problems);
    }

    /// <summary>The error for files that don't fit a VM.</summary>
    public static MeshException Invalid(MeshVm vm, IReadOnlyCollection<string> problems) => new(
        MeshErrorCode.SidecarConfigInvalid,
        $"The sidecar's files can't be used for VM {vm}: {string.Join(' ', problems)} Nothing was written.", vm);

    private static IEnumerable<string> OfToken(VmSidecarConfig config, DateTimeOffset now)
    {
        if (config.Find(SidecarFileNames.Token) is not { Length: > 0 } file)
        {
            yield break;
        }

        TokenFacts? token = TokenFacts.Read(file.GetText());
        if (token is null)
        {
            yield return $"{file.Name} is no JWT; {Again}.";
        }
        else if (!token.Audiences.Contains(Audience))
        {
            yield return $"{file.Name} is for the audience '{token.Audience}', and istiod takes only '{Audience}'; "
                + $"{Again}.";
        }
        else if (token.Expires <= now)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{file.Name} ended at {token.Expires:u}; {Again}.");
        }
    }

    private static IEnumerable<string> OfCertificate(VmSidecarConfig config, DateTimeOffset now)
    {
        foreach (SidecarFile file in new[] { SidecarFileNames.RootCert, SidecarFileNames.CertChain }
            .Select(config.Find).OfType<SidecarFile>().Where(file => file.Length > 0))
        {
            CertificateFacts? certificate = CertificateFacts.Read(file.GetText());
            if (certificate is null)
            {
                yield return $"{file.Name} holds no certificate in PEM that can be read; {Again}.";
            }
            else if (certificate.Expires <= now)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"{file.Name} ended at {certificate.Expires:u}; {Again}.");
            }
        }
    }

    private static IEnumerable<string> OfVersion(ClusterEnvironment environment, MeshVm vm)
    {
        if (vm.Version is { } version
            && environment.Env.Labels.GetValueOrDefault("version") is { } label && label != version)
        {
            yield return $"{environment.Place("ISTIO_METAJSON_LABELS")} says version '{label}', the VM's Version is "
                + $"'{version}'; {Again} for this VM.";
        }
    }
}
