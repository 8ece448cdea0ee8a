namespace HybridMesh.Core;

/// <summary>Versions that answer though nothing is expected of them, and apps that answer as another than their
/// label.</summary>
internal static class VersionCause
{
    public static IEnumerable<TrafficDiagnosis> Find(SplitEvidence evidence, SplitFit? fit) =>
        Mislabelled(evidence).Concat(Unexpected(evidence, fit));

    // A pattern or header says what the app is, the address what its label says.
    private static IEnumerable<TrafficDiagnosis> Mislabelled(SplitEvidence evidence)
    {
        foreach (MeshEndpoint endpoint in evidence.Mesh?.Endpoints ?? [])
        {
            string address = MeshTopology.Canonical(endpoint.Address);
            (string? version, int odd, string? chain) = Odd(evidence, endpoint, address);
            // What is told must be of the same kind as labels: colours are no versions.
            if (version is null || endpoint.Version is not { } label || evidence.Mesh!.VersionOf(endpoint) == version
                || !(evidence.Expected.Versions.Contains(label) || evidence.Observed.ContainsKey(label)))
            {
                continue;
            }

            int all = evidence.AnswersOf(address);
            bool mostly = 2 * odd > all;
            yield return new TrafficDiagnosis
            {
                Cause = TrafficCause.AnotherVersion,
                Message = $"{endpoint.Name} ({address}) carries the label {MeshEndpoint.VersionLabel}={label} but "
                    + (mostly ? $"answers as {version}: the mesh sends it the share of {label}."
                        : $"answers as {version} now and then: more than one app answers there, or it was replaced "
                        + "meanwhile."),
                Evidence =
                [
                    $"{SplitEvidence.Count(odd)} of its {SplitEvidence.Count(all)} answers are of "
                        + $"{version}, such as '{chain}'.",
                ],
                Command = endpoint.Kind != HopKind.Vm
                    ? $"kubectl -n {CauseText.Word(evidence.Namespace ?? "default")} get pod "
                    + $"{CauseText.Word(endpoint.Name)} --show-labels"
                    : $"Get-WorkloadEntry{CauseText.Namespace(evidence)} -Address {CauseText.Word(address)} | "
                    + (mostly ? $"Set-WorkloadEntryVersion -Version {CauseText.Word(version)}"
                        : "Format-Table Name, Address, Version"),
            };
        }
    }

    // The version other than its label's that it answers as most often.
    private static (string? Version, int Answers, string? Chain) Odd(
        SplitEvidence evidence, MeshEndpoint endpoint, string address) => evidence.Origins
        .Where(item => item.Origin.Address == address && item.Version is not null && item.Version != endpoint.Version)
        .GroupBy(item => item.Version, StringComparer.Ordinal)
        .Select(group => (group.Key, group.Sum(item => item.Answers), group.First().Origin.Chain))
        .OrderByDescending(item => item.Item2).FirstOrDefault();

    private static IEnumerable<TrafficDiagnosis> Unexpected(SplitEvidence evidence, SplitFit? fit)
    {
        // What shares the requests otherwise has been named already, and these are of its versions.
        foreach ((string version, int answers) in evidence.Observed
            .Where(pair => pair.Value > 0 && evidence.Expected[pair.Key] <= 0 && fit is null)
            .OrderByDescending(pair => pair.Value))
        {
            string[] addresses =
            [
                .. evidence.Origins.Where(item => item.Version == version).Select(item => item.Origin.Address)
                    .OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ];
            yield return new TrafficDiagnosis
            {
                Cause = TrafficCause.AnotherVersion,
                Message = $"Version {version} answers, of which nothing is expected"
                    + (addresses.Length == 0 ? "."
                        : $": {string.Join(", ", addresses.Take(5).Select(item => Name(evidence, item)))}."),
                Evidence =
                [
                    $"{SplitEvidence.Count(answers)} of {SplitEvidence.Count(evidence.Answers)} answers are of "
                        + $"{version}.",
                ],
                Command = evidence.Mesh is null ? null
                    : $"Get-WorkloadEntry{CauseText.Service(evidence)}{CauseText.Namespace(evidence)} | "
                    + "Format-Table Name, Address, Version",
            };
        }
    }

    private static string Name(SplitEvidence evidence, string address) =>
        evidence.Mesh?.Endpoints.FirstOrDefault(item => MeshTopology.Canonical(item.Address) == address) is { } endpoint
            ? $"{endpoint.Name} ({address})" : address;
}
