using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuNets.Training;

/// <summary>Reads the files that tokenizers write: JSON with the kind, the options, the tokens, the merges and a hash of all of them.</summary>
public static class TokenizerFile
{
    internal const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions _json = new(RunRecord.Json)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Reads a tokenizer of any kind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fingerprint">What its <see cref="ITokenizer.Fingerprint"/> must be, as kept beside a model; null for any.</param>
    /// <exception cref="DataFileException">The file is damaged, of a format that this version does not read, or of another model.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static ITokenizer Load(string path, string? fingerprint = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var record = Read(path);
        if (fingerprint is not null && record.Fingerprint != fingerprint)
            throw new DataFileException(path, null, $"the tokenizer of another model: its fingerprint is {record.Fingerprint}, the model was trained with {fingerprint}");
        try
        {
            return record.Kind switch
            {
                WordTokenizer.Kind => new WordTokenizer(record.Tokens, record.Text),
                BpeTokenizer.Kind => BpeTokenizer.Of(record),
                _ => throw new DataFileException(path, null, $"a tokenizer of the kind {record.Kind}; this version knows {WordTokenizer.Kind} and {BpeTokenizer.Kind}"),
            };
        }
        catch (ArgumentException e)
        {
            throw new DataFileException(path, null, e.Message, e);
        }
    }

    internal static T Load<T>(string path) where T : class, ITokenizer
    {
        var tokenizer = Load(path);
        return tokenizer as T ?? throw new DataFileException(path, null, $"it holds a {tokenizer.GetType().Name}, expected a {typeof(T).Name}");
    }

    internal static void Save(string path, TokenizerRecord record) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(record with { Fingerprint = Fingerprint(record) }, _json));

    internal static string Fingerprint(TokenizerRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // No part holds a line feed, so the parts cannot run into each other.
        string head = $"{record.Kind} {record.Text.Language} {record.Text.LowerCase} {record.Text.Unescape} {record.Text.NormalizePunctuation} {record.Tokens.Count}";
        foreach (string part in (IEnumerable<string>)[head, .. record.Tokens, .. record.Merges ?? []]) hash.AppendData(Encoding.UTF8.GetBytes(part + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static TokenizerRecord Read(string path)
    {
        TokenizerRecord record;
        try
        {
            record = JsonSerializer.Deserialize<TokenizerRecord>(File.ReadAllBytes(path), _json) ?? throw new JsonException("the file holds null");
        }
        catch (JsonException e)
        {
            throw new DataFileException(path, null, $"no tokenizer: {e.Message}", e);
        }
        if (record.Format != CurrentFormat) throw new DataFileException(path, null, $"a tokenizer of format {record.Format}; this version reads {CurrentFormat}");
        if (record.Tokens.Any(token => token is null) || record.Merges?.Any(merge => merge is null) == true)
            throw new DataFileException(path, null, "the file is damaged: a token or merge is null");
        if (record.Fingerprint != Fingerprint(record)) throw new DataFileException(path, null, "the file is damaged: its content is not what was saved (SHA-256 differs)");
        return record;
    }
}
