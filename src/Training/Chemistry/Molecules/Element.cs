using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace GpuNets.Training;

/// <summary>A chemical element. There is one object for each, so that they compare by reference.</summary>
public sealed class Element
{
    private static readonly ImmutableArray<Element> _all = ElementTable.Build();
    private static readonly Dictionary<string, Element> _bySymbol = _all.ToDictionary(element => element.Symbol, StringComparer.Ordinal);

    internal Element(int number, string symbol, int outerElectrons, double covalentRadius, ImmutableArray<int> valences) =>
        (Number, Symbol, OuterElectrons, CovalentRadius, Valences) = (number, symbol, outerElectrons, covalentRadius, valences);

    /// <summary>All 118, by atomic number from 1.</summary>
    public static IReadOnlyList<Element> All => _all;

    /// <summary>Hydrogen.</summary>
    public static Element Hydrogen { get; } = Of(1);

    /// <summary>Carbon.</summary>
    public static Element Carbon { get; } = Of(6);

    /// <summary>Nitrogen.</summary>
    public static Element Nitrogen { get; } = Of(7);

    /// <summary>Oxygen.</summary>
    public static Element Oxygen { get; } = Of(8);

    /// <summary>Fluorine.</summary>
    public static Element Fluorine { get; } = Of(9);

    /// <summary>Atomic number.</summary>
    public int Number { get; }

    /// <summary>Symbol, such as <c>Cl</c>.</summary>
    public string Symbol { get; }

    /// <summary>Electrons of the outer shell, for elements of the main groups; 0 for the others.</summary>
    public int OuterElectrons { get; }

    /// <summary>Covalent radius in Angstrom (Cordero et al. 2008; 1.5 where it gives none).</summary>
    public double CovalentRadius { get; }

    /// <summary>Valences of the neutral element, rising; empty where any number of bonds is accepted (metals, noble gases).</summary>
    public ImmutableArray<int> Valences { get; }

    /// <summary>The element with an atomic number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public static Element Of(int number) => number >= 1 && number <= _all.Length
        ? _all[number - 1]
        : throw new ArgumentOutOfRangeException(nameof(number), number, $"Element: atomic numbers go from 1 to {_all.Length}.");

    /// <summary>The element with a symbol, written as usual (<c>Cl</c>, not <c>CL</c>).</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="element">The element; null if there is none.</param>
    public static bool TryFind(string symbol, [NotNullWhen(true)] out Element? element) => _bySymbol.TryGetValue(symbol, out element);

    /// <inheritdoc/>
    public override string ToString() => Symbol;
}
