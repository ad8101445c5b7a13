namespace GpuNets.Training;

/// <summary>
/// Tokens by id. The first four ids are the same in every vocabulary: padding, begin and end of a sentence, unknown. Text never gives those
/// of the sentence: a word that reads <c>&lt;/s&gt;</c> is a word.
/// </summary>
public sealed class Vocabulary
{
    /// <summary>Id that fills rows of a batch.</summary>
    public const int Pad = 0;

    /// <summary>Id before the first token of a sentence.</summary>
    public const int Bos = 1;

    /// <summary>Id after the last token of a sentence.</summary>
    public const int Eos = 2;

    /// <summary>Id of everything the vocabulary lacks.</summary>
    public const int Unknown = 3;

    /// <summary>Number of ids that are no text; ordinary tokens follow.</summary>
    public const int SpecialCount = 4;

    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>A vocabulary of these tokens, from id 4 on in their order.</summary>
    /// <exception cref="ArgumentException">A token is empty, holds white space, or comes twice.</exception>
    public Vocabulary(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        _tokens = ["<pad>", "<s>", "</s>", "<unk>", .. tokens];
        for (int id = SpecialCount; id < _tokens.Length; id++)
        {
            string token = _tokens[id];
            if (string.IsNullOrEmpty(token) || token.Any(WhiteSpace.IsSpace))
                throw new ArgumentException($"Vocabulary: token {id} is \"{token}\"; tokens must not be empty or hold white space.", nameof(tokens));
            if (!_ids.TryAdd(token, id)) throw new ArgumentException($"Vocabulary: token {id}, \"{token}\", comes twice; it is token {_ids[token]} already.", nameof(tokens));
        }
    }

    /// <summary>Number of ids, special ones included.</summary>
    public int Count => _tokens.Length;

    /// <summary>Tokens by id, special ones included.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The token of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string this[int id] => (uint)id < (uint)_tokens.Length
        ? _tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"Vocabulary: ids are 0 to {Count - 1}; is it the vocabulary of another model?");

    /// <summary>The id of a token of text; <see cref="Unknown"/> if the vocabulary lacks it.</summary>
    public int IdOf(string token) => _ids.GetValueOrDefault(token, Unknown);

    /// <summary>Whether text can give this token.</summary>
    public bool Contains(string token) => _ids.ContainsKey(token);

    /// <summary>
    /// The tokens of a sentence as text shows them: up to <see cref="Eos"/>, without padding and <see cref="Bos"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public IReadOnlyList<string> Words(ReadOnlySpan<int> ids)
    {
        List<string> words = [];
        foreach (int id in ids)
        {
            if (id == Eos) break;
            string token = this[id];
            if (id is not (Pad or Bos)) words.Add(token);
        }
        return words;
    }
}
