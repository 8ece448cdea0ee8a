using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Base of completers: offers names of the connected mesh, none without a connection. Opens nothing, never throws.
/// </summary>
public abstract class MeshCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        try
        {
            MeshRuntime runtime = MeshRuntime.ForCurrentRunspace();
            MeshConnection? connection = Bound(fakeBoundParameters, "Connection") as MeshConnection;
            if (connection is null && runtime.Current is null)
            {
                return [];
            }

            MeshSession session = runtime.Session(connection);
            string ns = Bound(fakeBoundParameters, "Namespace") as string ?? session.Connection.Namespace;
            string typed = (wordToComplete ?? "").Trim('\'', '"');
            return
            [
                .. Candidates((plane, kind) => runtime.Snapshots.Get(
                        session, plane, kind, kind == KubernetesKind.Namespace ? null : ns), fakeBoundParameters)
                    .DistinctBy(candidate => candidate.Text)
                    .Where(candidate => candidate.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                    .OrderBy(candidate => candidate.Text, StringComparer.Ordinal)
                    .Select(Result),
            ];
        }
        catch (Exception e) when (e is MeshException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>The values to choose from.</summary>
    private protected abstract IEnumerable<Candidate> Candidates(
        Func<MeshPlane, KubernetesKind, IReadOnlyList<JsonObject>> list, IDictionary bound);

    /// <summary>The value the command line already gives a parameter.</summary>
    private protected static object? Bound(IDictionary? bound, string name) =>
        bound?[name] is { } value ? (value is PSObject wrapped ? wrapped.BaseObject : value) : null;

    /// <summary>An object's name.</summary>
    private protected static string NameOf(JsonObject item) => (string?)item["metadata"]?["name"] ?? "";

    private static CompletionResult Result(Candidate candidate)
    {
        bool isPlain =
            candidate.Text.All(c => char.IsAsciiLetterOrDigit(c) || "-._=/".Contains(c, StringComparison.Ordinal));
        return new CompletionResult(
            isPlain ? candidate.Text : $"'{candidate.Text.Replace("'", "''", StringComparison.Ordinal)}'",
            candidate.Text, CompletionResultType.ParameterValue, candidate.State);
    }
}
