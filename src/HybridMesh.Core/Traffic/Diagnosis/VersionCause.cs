namespace HybridMesh.Core;

/// <summary>Versions that answer though nothing is expected of them, and apps that answer as another than their
/// label.</summary>
internal static class VersionCause
{
    public static IEnumerable<TrafficDiagnosis> Find(SplitEvidence evidence) =>
        Mislabelled(evidence).Concat(Unexpected(evidence));

    // A pattern or header says what the app is, the address what its label says.
    private static IEnumerable<TrafficDiagnosis> Mislabelled(SplitEvidence evidence)
    {
        foreach (MeshEndpoint endpoint in evidence.Mesh?.Endpoints ?? [])
        {
            string address = MeshTopology.Canonical(endpoint.Address);
            OriginCount? odd = evidence.Origins
                .Where(item => item.Origin.Address == address && item.Version is not null
                    && item.Version != endpoint.Version)
                .MaxBy(item => item.Answers);
            // What is told must be of the same kind as labels: colours are no versions.
            if (odd is null || endpoint.Version is not { } label || evidence.Mesh!.VersionOf(endpoint) == odd.Version
                || !(evidence.Expected.Versions.Contains(label) || evidence.Observed.ContainsKey(label)))
            {
                continue;
            }

            yield return new TrafficDiagnosis
            {
                Cause = TrafficCause.AnotherVersion,
                Message = $"{endpoint.Name} ({address}) carries the label {MeshEndpoint.VersionLabel}={label} but "
                    + $"answers as {odd.Version}: the mesh sends it the share of {label}.",
                Evidence =
                [
                    $"{SplitEvidence.Count(odd.Answers)} of its "
                        + $"{SplitEvidence.Count(evidence.AnswersOf(address))} answers are of "
                        + $"{odd.Version}, such as '{odd.Origin.Chain}'.",
                ],
                Command = endpoint.Kind == HopKind.Vm
                    ? $"Get-WorkloadEntry{CauseText.Namespace(evidence)} -Address {CauseText.Word(address)} | "
                        + $"Set-WorkloadEntryVersion -Version {CauseText.Word(odd.Version!)}"
                    : $"kubectl -n {CauseText.Word(evidence.Namespace ?? "default")} get pod "
                    + $"{CauseText.Word(endpoint.Name)} --show-labels",
            };
        }
    }

    private static IEnumerable<TrafficDiagnosis> Unexpected(SplitEvidence evidence)
    {
        foreach ((string version, int answers) in evidence.Observed
            .Where(pair => pair.Value > 0 && evidence.Expected[pair.Key] <= 0)
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
