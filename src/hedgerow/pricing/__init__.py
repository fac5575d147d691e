"""Formulas: arrays in, arrays out. One module per model, each with ``price`` and ``greeks`` of the same shape.

``from hedgerow.pricing import black_scholes`` and then
``black_scholes.price(kind, spot, strike, years, vol, rate=0.0, dividend_yield=0.0)``. Nothing here knows positions,
dates or currencies; time is in years, rates are continuously compounded decimals, volatility is annual.
"""
