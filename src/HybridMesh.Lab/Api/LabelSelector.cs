using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>A label selector: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,l&gt;1</c>.</summary>
internal sealed partial class LabelSelector(IReadOnlyList<LabelSelector.Term> terms)
{
    internal enum Operator
    {
        In,
        NotIn,
        Exists,
        NotExists,
        Greater,
        Less,
    }

    public static LabelSelector Parse(string text)
    {
        List<Term> terms = [];
        foreach (string part in Split(text))
        {
            Match match = TermPattern().Match(part);
            if (!match.Success || (match.Groups["not"].Success && match.Groups["op"].Success))
            {
                throw Unparsable(text, part);
            }

            terms.Add(Read(match, text, part));
        }

        return new LabelSelector(terms);
    }

    public bool Matches(JsonObject item)
    {
        JsonObject? labels = item["metadata"]?["labels"] as JsonObject;
        return terms.All(term => term.Matches((string?)labels?[term.Key]));
    }

    private static Term Read(Match match, string text, string part)
    {
        string key = match.Groups["key"].Value;
        IEnumerable<string> errors = NameRules.LabelKey(key);
        string value = match.Groups["value"].Value.Trim();
        string[] values = match.Groups["set"].Success
            ? [.. match.Groups["set"].Value.Split(',').Select(one => one.Trim())] : [value];
        errors = errors.Concat(values.SelectMany(NameRules.LabelValue));
        if (errors.FirstOrDefault() is { } error)
        {
            throw ApiException.BadRequest(
                $"unable to parse requirement: <nil>: Invalid value: \"{part.Trim()}\": {error}");
        }

        return match.Groups["op"].Value.Trim() switch
        {
            "" => new Term(key, match.Groups["not"].Success ? Operator.NotExists : Operator.Exists, []),
            "=" or "==" => new Term(key, Operator.In, values),
            "!=" => new Term(key, Operator.NotIn, values),
            ">" => new Term(key, Operator.Greater, values),
            "<" => new Term(key, Operator.Less, values),
            "in" when match.Groups["set"].Success => new Term(key, Operator.In, values),
            "notin" when match.Groups["set"].Success => new Term(key, Operator.NotIn, values),
            _ => throw Unparsable(text, part),
        };
    }

    private static ApiException Unparsable(string text, string part) => ApiException.BadRequest(
        $"unable to parse requirement: couldn't parse the selector string \"{text}\": found '{part.Trim()}'");

    /// <summary>At commas outside of parentheses.</summary>
    private static string[] Split(string text) =>
        string.IsNullOrWhiteSpace(text) ? [] : Commas().Split(text);

    [GeneratedRegex(@",(?![^()]*\))")]
    private static partial Regex Commas();

    [GeneratedRegex(
        @"^\s*(?<not>!)?\s*(?<key>[^\s!=<>(),]+)\s*"
            + @"((?<op>==|=|!=|<|>)\s*(?<value>[^\s()=!<>]*)|(?<op>in|notin)\s*\((?<set>[^()]*)\))?\s*$")]
    private static partial Regex TermPattern();

    internal sealed record Term
    {
        private readonly Operator _operator;
        private readonly IReadOnlyList<string> _values;

        public Term(string key, Operator operation, IReadOnlyList<string> values)
        {
            Key = key;
            _operator = operation;
            _values = values;
        }

        public string Key { get; }

        public bool Matches(string? value) => _operator switch
        {
            Operator.In => value is not null && _values.Contains(value),
            Operator.NotIn => value is null || !_values.Contains(value),
            Operator.Exists => value is not null,
            Operator.NotExists => value is null,
            Operator.Greater => Number(value) > Number(_values[0]),
            _ => Number(value) < Number(_values[0]),
        };

        private static long? Number(string? text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? number : null;
    }
}
