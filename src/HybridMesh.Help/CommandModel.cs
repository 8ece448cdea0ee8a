using System.Management.Automation;
using System.Reflection;

namespace HybridMesh.Help;

/// <summary>One command as the engine sees it.</summary>
internal sealed class CommandModel
{
    private readonly Type _type;
    private readonly Dictionary<string, string> _comments;

    public CommandModel(CmdletInfo info, Dictionary<string, string> comments)
    {
        _type = info.ImplementingType;
        _comments = comments;
        Name = info.Name;
        Verb = info.Verb;
        Noun = info.Noun;
        ParameterSets = [.. info.ParameterSets.Select(set => new ParameterSetModel(set))];
    }

    public string Name { get; }

    public string Verb { get; }

    public string Noun { get; }

    public IReadOnlyList<ParameterSetModel> ParameterSets { get; }

    /// <summary>Every parameter once, in the order of the sets.</summary>
    public IEnumerable<CommandParameterInfo> Parameters =>
        ParameterSets.SelectMany(set => set.Parameters).DistinctBy(parameter => parameter.Name);

    /// <summary>The XML comment of a parameter's property, where it is declared.</summary>
    public string? Comment(string parameter) =>
        _type.GetProperty(parameter, BindingFlags.Instance | BindingFlags.Public) is { } property
            ? _comments.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}")
            : parameter switch
            {
                "WhatIf" => "Shows what would be done, and does nothing.",
                "Confirm" => "Asks before each change.",
                _ => null,
            };
}

/// <summary>One way to call a command.</summary>
internal sealed class ParameterSetModel(CommandParameterSetInfo set)
{
    private static readonly HashSet<string> Common =
        [.. Cmdlet.CommonParameters, "ProgressAction"];

    public IReadOnlyList<CommandParameterInfo> Parameters { get; } =
        [
            .. set.Parameters.Where(parameter => !Common.Contains(parameter.Name))
                .OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position)
                .ThenByDescending(parameter => parameter.IsMandatory),
        ];
}
