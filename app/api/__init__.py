"""The JSON door. Version 1: the list of everything below."""

from fastapi import APIRouter

from . import (
    catalog,
    comparisons,
    csv,
    curves,
    diagnoses,
    edits,
    events,
    explanations,
    forks,
    health,
    joint_events,
    looks,
    predictions,
    proofs,
    sessions,
    traces,
)

v1 = APIRouter(prefix="/api/v1")
v1.include_router(catalog.router)
v1.include_router(csv.router)
v1.include_router(traces.router)
v1.include_router(sessions.router)
v1.include_router(edits.router)
v1.include_router(forks.router)
v1.include_router(comparisons.router)
v1.include_router(curves.router)
v1.include_router(events.router)
v1.include_router(joint_events.router)
v1.include_router(looks.router)
v1.include_router(explanations.router)
v1.include_router(proofs.router)
v1.include_router(predictions.router)
v1.include_router(diagnoses.router)

health_router = health.router

__all__ = ["health_router", "v1"]
